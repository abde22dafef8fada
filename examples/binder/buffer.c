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

void mapping_destroy(struct mapping *m)
{
	hf_pages_own_drop(&m->pages);
}

void mapping_release(struct mapping *m)
{
	hf_free(m);
}

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

static int mapping_init(struct mapping *m, const struct hf_vma *vma)
{
	/* The kernel's own driver also takes more, of which it uses no more. */
	m->size = hf_try_or(hf_at_most(hf_vma_size(vma), MAPPING_MAX), -EINVAL);
	m->address = hf_vma_address(vma);
	return hf_set_ok(m->pages, hf_new_pages(m->size, GFP_KERNEL_ACCOUNT));
}

int alloc_map(const struct proc *p, struct hf_vma *vma)
{
	hf_let_arc(mapping, m, hf_try(hf_new_arc_with(mapping, GFP_KERNEL, mapping_init, vma)));
	hf_let(span, all, hf_try(hf_new(span, GFP_KERNEL)));
	const u64 size = hf_ref(m)->size;

	holes_set_key(hf_mut(all), (struct span_size){ .size = size });
	hf_lock(a, &p->alloc);
	if (a->dead)
		return -EINVAL;
	if (!hf_is_empty(a->mapping))
		return -EBUSY;
	hf_try_errno(hf_vma_map_readonly(vma, hf_ref(hf_ref(m)->pages)));
	hf_try_errno(holes_insert(&a->holes, hf_move(all)));
	a->oneway_left = size / 2;
	hf_set(a->mapping, hf_move(m));
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

struct buffer_own_result buffer_new(const struct proc *p, u64 data, u64 offsets, u64 extra, bool oneway)
{
	const struct u64_result size_or_error = buffer_size(data, offsets, extra);
	hf_let(buffer, b, hf_try_in(buffer_own, hf_new(buffer, GFP_KERNEL)));
	/* What is left of the hole. */
	hf_let(span, rest, hf_try_in(buffer_own, hf_new(span, GFP_KERNEL)));
	const u32 pid = binder_host_pid();

	items_init(&hf_mut(b)->items);
	hf_lock(a, &p->alloc);
	if (a->dead || hf_is_empty(a->mapping))
		return hf_err(buffer_own, -ESRCH);
	if (!hf_is_ok(size_or_error))
		return hf_err(buffer_own, -EINVAL);
	const u64 size = hf_try_in(buffer_own, size_or_error);
	const struct mapping *const m = hf_ref(a->mapping);

	if (oneway && a->oneway_left < size)
		return hf_err(buffer_own, -ENOSPC);
	const struct span *const hole = hf_try_or(holes_lower_bound(&a->holes, (struct span_size){ .size = size }),
						   hf_err(buffer_own, -ENOSPC));
	hf_let(span, r, hf_try_in(buffer_own, holes_remove(&a->holes, hole)));
	const struct span_size was = hf_ref(r)->size;

	if (was.size > size) {
		holes_set_key(hf_mut(rest), (struct span_size){ .size = was.size - size, .offset = was.offset + size });
		hf_try_errno_in(buffer_own, holes_insert(&a->holes, hf_move(rest)));
	}
	holes_set_key(hf_mut(r), (struct span_size){ .size = size, .offset = was.offset });
	used_set_key(hf_mut(r), was.offset);
	hf_mut(r)->oneway = oneway;
	hf_mut(r)->sender_pid = pid;
	if (oneway) {
		a->oneway_left -= size;
		hf_mut(b)->spam = is_spam(a, m->size, pid);
	}
	hf_try_errno_in(buffer_own, used_insert(&a->used, hf_move(r)));
	hf_mut(b)->offset = was.offset;
	hf_mut(b)->size = size;
	hf_mut(b)->data_size = data;
	hf_mut(b)->offsets_size = offsets;
	hf_mut(b)->oneway = oneway;
	hf_set(hf_mut(b)->to, hf_arc_from(proc, p));
	hf_set(hf_mut(b)->mapping, hf_clone(a->mapping));
	return hf_ok(buffer_own, hf_move(b));
}

/* Bytes that nobody else shall see. */
static void buffer_clear(const struct buffer *b)
{
	static const u8 zeros[256];
	const struct hf_pages *const pages = hf_ref(hf_ref(b->mapping)->pages);

	for (u64 at = 0; at < b->size;) {
		const u64 n = b->size - at < sizeof(zeros) ? b->size - at : sizeof(zeros);
		const struct u8_cslice part = hf_expect(hf_array_subslice(u8_cslice, zeros, 0, n), "it is at most all of them");

		if (hf_pages_write(pages, b->offset + at, part))
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
	u64 start = offset, end = offset + hf_ref(r)->size.size, left = 0, right = hf_ref(a->mapping)->size;

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
	if (!hf_is_empty(b->to))
		span_put(hf_ref(b->to), b->offset);
	mapping_arc_drop(&b->mapping);
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
		hf_sub_wrap_u64(address, hf_ref(a->mapping)->address)));

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
