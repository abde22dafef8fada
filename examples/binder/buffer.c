// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The memory that a process maps for what is sent to it.
 *
 * A free range is in `holes`, by its size, so the best fit is a lookup.  One that is used is in `used`, by its offset,
 * so the neighbours of one that becomes free are known, and the holes between them by their sizes.
 */
#include "core.h"

#define MAPPING_MAX	(4u << 20)
#define ALIGNMENT	8u

void span_free(struct span *r)
{
	hf_link_fini(&r->hole);
	hf_link_fini(&r->used);
	buffer_own_drop(&r->delivered);
	hf_free(r);
}

void item_free(struct item *i)
{
	hf_link_fini(&i->link);
	if (hf_owed(i->reserved)) {
		hf_owe(descriptor, fd, hf_token_take(i->reserved));
		binder_host_fd_give_back(hf_settle(fd));
	}
	if (hf_owed(i->lent)) {
		/* The process has it, until it ends. */
		hf_owe(descriptor, fd, hf_token_take(i->lent));
		(void)hf_settle(fd);
	}
	host_file_arc_drop(&i->file);
	strong_arc_drop(&i->strong);
	weak_arc_drop(&i->weak);
	if (!hf_is_empty(i->holder))
		/* A process that has dropped the reference itself has none to lose. */
		(void)proc_handle_dec(hf_ref(i->holder), i->handle, i->handle_is_strong);
	proc_arc_drop(&i->holder);
	hf_free(i);
}

int alloc_map(const struct proc *p, struct hf_vma *vma)
{
	if (p->pid != binder_host_pid())
		return -EINVAL;
	hf_let_arc(hf_area, area, hf_try(hf_new_area(vma, MAPPING_MAX, GFP_KERNEL_ACCOUNT)));
	hf_let(span, all, hf_try(hf_new(span, GFP_KERNEL)));
	const u64 size = hf_area_size(hf_ref(area));

	holes_set_key(hf_mut(all), (struct span_size){ .size = size });
	hf_lock(a, &p->alloc);
	if (a->dead)
		return -EINVAL;
	if (!hf_is_empty(a->mapping))
		return -EBUSY;
	hf_try_errno(holes_insert(&a->holes, hf_move(all)));
	a->oneway_left = size / 2;
	hf_set(a->mapping, hf_move(area));
	return 0;
}

/* Whether a process of @pid has too many one-way transactions, before this one, in little memory.  It is told once. */
static bool is_spam(struct alloc *a, u64 size, u32 pid)
{
	u64 bytes = 0, count = 0;
	const struct used *const used = &a->used;

	if (a->oneway_left >= size / 10) {
		a->spam_seen = false;
		return false;
	}
	hf_map_cursor(c, used);
	for (const struct span *r; (r = used_next(&c));) {
		if (!r->oneway || r->sender_pid != pid)
			continue;
		bytes += r->size.size;
		count++;
	}
	if (a->spam_seen || (count <= 50 && bytes <= size / 4))
		return false;
	a->spam_seen = true;
	return true;
}

/* Bytes, rounded up; or -EINVAL if there are no such many. */
static struct u64_result aligned(u64 bytes)
{
	return hf_ok(u64, hf_try_in(u64, hf_add_u64(bytes, ALIGNMENT - 1)) & ~(u64)(ALIGNMENT - 1));
}

static struct u64_result buffer_size(u64 data, u64 offsets, u64 extra)
{
	const u64 both = hf_try_in(u64, hf_add_u64(hf_try_in(u64, aligned(data)), hf_try_in(u64, aligned(offsets))));
	const u64 size = hf_try_in(u64, hf_add_u64(both, hf_try_in(u64, aligned(extra))));

	/* An empty one has an address, too. */
	return hf_ok(u64, size ? size : ALIGNMENT);
}

/* A range for a buffer, without pages.  Gives the area that it is in. */
static struct hf_area_arc_result span_get(const struct proc *p, struct buffer *b, struct u64_result size_or_error)
{
	/* What is left of the hole. */
	hf_let(span, rest, hf_try_in(hf_area_arc, hf_new(span, GFP_KERNEL)));
	const u32 pid = binder_host_pid();
	hf_lock(a, &p->alloc);

	if (a->dead || hf_is_empty(a->mapping) || !hf_area_is_mapped(hf_ref(a->mapping)))
		return hf_err(hf_area_arc, -ESRCH);
	const u64 size = hf_try_or(size_or_error, hf_err(hf_area_arc, -EINVAL));
	const struct hf_area *const area = hf_ref(a->mapping);

	if (b->oneway && a->oneway_left < size)
		return hf_err(hf_area_arc, -ENOSPC);
	const struct span *const hole = hf_try_or(holes_lower_bound(&a->holes, (struct span_size){ .size = size }),
						   hf_err(hf_area_arc, -ENOSPC));
	hf_let(span, r, hf_try_in(hf_area_arc, holes_remove(&a->holes, hole)));
	const struct span_size was = hf_ref(r)->size;

	if (was.size > size) {
		holes_set_key(hf_mut(rest), (struct span_size){ .size = was.size - size, .offset = was.offset + size });
		hf_try_errno_in(hf_area_arc, holes_insert(&a->holes, hf_move(rest)));
	}
	holes_set_key(hf_mut(r), (struct span_size){ .size = size, .offset = was.offset });
	used_set_key(hf_mut(r), was.offset);
	hf_mut(r)->oneway = b->oneway;
	hf_mut(r)->sender_pid = pid;
	if (b->oneway) {
		a->oneway_left -= size;
		b->spam = is_spam(a, hf_area_size(area), pid);
	}
	hf_try_errno_in(hf_area_arc, used_insert(&a->used, hf_move(r)));
	b->offset = was.offset;
	b->address = hf_area_address(area) + was.offset;
	hf_set(b->to, hf_arc_from(proc, p));
	return hf_ok(hf_area_arc, hf_arc_from(hf_area, area));
}

struct buffer_own_result buffer_new(const struct proc *p, u64 data, u64 offsets, u64 extra, bool oneway)
{
	hf_let(buffer, b, hf_try_in(buffer_own, hf_new(buffer, GFP_KERNEL)));
	const struct u64_result size = buffer_size(data, offsets, extra);

	items_init(&hf_mut(b)->items);
	hf_mut(b)->data_size = data;
	hf_mut(b)->offsets_size = offsets;
	hf_mut(b)->oneway = oneway;
	hf_let_arc(hf_area, area, hf_try_in(buffer_own, span_get(p, hf_mut(b), size)));
	hf_try_errno_in(buffer_own, hf_set_ok(hf_mut(b)->pages, hf_area_need(hf_ref(area), hf_ref(b)->offset,
									 hf_try_in(buffer_own, size))));
	return hf_ok(buffer_own, hf_move(b));
}

/* Bytes that nobody else shall see. */
static void buffer_clear(const struct buffer *b)
{
	static const u8 zeros[256];
	const struct hf_pages *const pages = hf_ref(b->pages);
	const u64 size = hf_pages_size(pages);

	for (u64 at = 0; at < size;) {
		const u64 n = size - at < sizeof(zeros) ? size - at : sizeof(zeros);
		const struct u8_cslice part = hf_expect(hf_array_subslice(u8_cslice, zeros, 0, n), "it is at most all of them");

		if (hf_pages_write(pages, at, part))
			return;
		at += n;
	}
}

/* Free a range, and make one hole of it and its neighbours. */
static void span_put(const struct proc *p, u64 offset)
{
	hf_let(span, before, hf_empty(span_own));
	hf_let(span, after, hf_empty(span_own));
	hf_lock(a, &p->alloc);
	hf_let(span, r, hf_expect(used_remove_key(&a->used, offset), "a buffer has its range"));
	u64 start = offset, end = offset + hf_ref(r)->size.size, left = 0, right = hf_area_size(hf_ref(a->mapping));

	if (hf_ref(r)->oneway)
		a->oneway_left += end - start;
	{
		const struct used *const used = &a->used;

		hf_map_cursor(c, used);
		used_seek(&c, offset);
		const struct span *const prev = used_prev(&c);

		if (prev)
			left = prev->offset + prev->size.size;
		const struct used_ref_result next = used_lower_bound(used, offset);

		if (hf_is_ok(next))
			right = hf_expect(next, "it is there")->offset;
	}
	if (left < start)
		start = hf_set_ok(before, holes_remove_key(&a->holes, (struct span_size){ .size = start - left, .offset = left })) ?
			start : left;
	if (end < right)
		end = hf_set_ok(after, holes_remove_key(&a->holes, (struct span_size){ .size = right - end, .offset = end })) ?
			end : right;
	hf_mut(r)->oneway = false;
	holes_set_key(hf_mut(r), (struct span_size){ .size = end - start, .offset = start });
	hf_require(HF_UNWRAP, !holes_insert(&a->holes, hf_move(r)));
}

void buffer_free(struct buffer *b)
{
	/* In the order in which their owner shall be told. */
	strong_arc_drop(&b->target);
	items_clear(&b->items);
	items_fini(&b->items);
	if (b->clear)
		buffer_clear(b);
	hf_pages_own_drop(&b->pages);
	if (!hf_is_empty(b->to))
		span_put(hf_ref(b->to), b->offset);
	proc_arc_drop(&b->to);
	hf_free(b);
}

void buffer_done(const struct buffer *b)
{
	if (b->oneway && !hf_is_empty(b->target))
		node_next_oneway(hf_ref(b->target));
}

bool buffer_close_files(struct buffer *b)
{
	bool any = false;

	hf_list_cursor(c, &b->items);
	for (struct item *i; (i = items_next(&c));) {
		if (!hf_owed(i->lent))
			continue;
		hf_owe(descriptor, fd, hf_token_take(i->lent));
		binder_host_fd_close(hf_settle(fd));
		any = true;
	}
	return any;
}

void buffer_deliver(const struct proc *p, struct buffer_own given)
{
	hf_let(buffer, b, given);
	hf_lock(a, &p->alloc);

	if (a->dead)
		return;
	struct span *const r = hf_expect(used_find_mut(&a->used, hf_ref(b)->offset), "a buffer has its range");

	hf_set(r->delivered, hf_move(b));
}

struct buffer_own_result proc_take_buffer(const struct proc *p, u64 address)
{
	hf_lock(a, &p->alloc);

	if (hf_is_empty(a->mapping))
		return hf_err(buffer_own, -ENOENT);
	struct span *const r = hf_try_in(buffer_own, used_find_mut(&a->used,
		hf_sub_wrap_u64(address, hf_area_address(hf_ref(a->mapping)))));

	if (hf_is_empty(r->delivered))
		return hf_err(buffer_own, -ENOENT);
	return hf_ok(buffer_own, hf_take(r->delivered));
}

void proc_end_buffers(const struct proc *p)
{
	hf_lock(a, &p->alloc);
	a->dead = true;
	hf_map_cursor(c, &a->used);
	for (struct span *r; (r = used_next(&c));) {
		if (hf_is_empty(r->delivered))
			continue;
		hf_let(buffer, b, hf_take(r->delivered));
		{
			hf_unlocked(a);
			hf_drop(buffer, b);
		}
	}
}
