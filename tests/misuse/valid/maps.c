// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Maps: best fit, neighbours, loops that remove, two maps of shared objects, readers.
#include <holdfast/holdfast.h>

/* --- the buffers of a process: by size while they are free, by address ---------------------------- */

struct by_size {
	size_t size;
	u64 addr;
};

struct buffer {
	const struct by_size size;
	struct hf_map_link link;
	int pid;
};

static int by_size_compare(const struct by_size *a, const struct by_size *b)
{
	const int order = hf_compare(&a->size, &b->size);

	return order ? order : hf_compare(&a->addr, &b->addr);
}

static void buffer_free(struct buffer *b)
{
	hf_link_fini(&b->link);
	hf_free(b);
}

HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(free_buffers, buffer_own, struct buffer, link, size, by_size_compare);

struct space {
	struct free_buffers free;
	size_t n;
};

HF_LOCKED_DEFINE(locked_space, mutex, struct space);

struct allocator {
	struct locked_space space;
};

/* The rest of the best fit goes back as a buffer of its own. */
struct buffer_own_result allocator_get(struct allocator *a, size_t size);
struct buffer_own_result allocator_get(struct allocator *a, size_t size)
{
	hf_let(buffer, rest, hf_try_in(buffer_own, hf_new(buffer, GFP_KERNEL)));
	hf_lock(s, &a->space);
	const struct buffer *fit =
		hf_try_in(buffer_own, free_buffers_lower_bound(&s->free, (struct by_size){ .size = size }));
	const size_t left = fit->size.size - size;

	hf_let(buffer, b, hf_try_in(buffer_own, free_buffers_remove(&s->free, fit)));
	if (left) {
		const u64 addr = hf_ref(b)->size.addr;

		free_buffers_set_key(hf_mut(b), (struct by_size){ .size = size, .addr = addr });
		free_buffers_set_key(hf_mut(rest), (struct by_size){ .size = left, .addr = addr + size });
		hf_try_errno_in(buffer_own, free_buffers_insert(&s->free, hf_move(rest)));
	}
	s->n--;
	return hf_ok(buffer_own, hf_move(b));
}

int allocator_put(struct allocator *a, struct buffer_own arg);
int allocator_put(struct allocator *a, struct buffer_own arg)
{
	hf_let(buffer, b, arg);
	hf_lock(s, &a->space);

	hf_mut(b)->pid = 0;
	hf_try_errno(free_buffers_insert(&s->free, hf_move(b)));
	s->n++;
	return 0;
}

/* Kept if its key is there. */
int allocator_try_put(struct allocator *a, struct buffer_own *kept);
int allocator_try_put(struct allocator *a, struct buffer_own *kept)
{
	hf_lock(s, &a->space);

	if (hf_is_ok(free_buffers_find(&s->free, hf_ref(*kept)->size)))
		return -EEXIST;
	return free_buffers_insert(&s->free, hf_take(*kept));
}

static int largest(const struct free_buffers *m)
{
	return hf_is_ok(free_buffers_last(m)) ? hf_expect(free_buffers_last(m), "it was tested")->pid : 0;
}

int space_trim(struct space *s, size_t below);
int space_trim(struct space *s, size_t below)
{
	int n = 0;
	hf_map_cursor(c, &s->free);

	for (struct buffer *x; (x = free_buffers_next(&c));) {
		x->pid = 0;
		if (x->size.size >= below)
			break;
		hf_let(buffer, gone, hf_try(free_buffers_remove(&s->free, x)));
		n += hf_ref(gone)->pid;
	}
	free_buffers_seek(&c, (struct by_size){ .size = below });
	for (struct buffer *x; (x = free_buffers_prev(&c));)
		n++;
	return n + largest(&s->free);
}

void space_end(struct space *s);
void space_end(struct space *s)
{
	while (!free_buffers_empty(&s->free)) {
		hf_let(buffer, b, hf_expect(free_buffers_pop_first(&s->free), "it is not empty"));

		hf_mut(b)->pid = 0;
	}
	free_buffers_fini(&s->free);
}

/* --- references of a process: by handle, and by the node that they are to ------------------------- */

struct reference {
	struct hf_refs refs;
	const u32 handle;
	struct hf_map_link handle_link;
	const u64 node;
	struct hf_map_link node_link;
	struct hf_link dead_link;
};

struct reference_key {
	u32 handle;
	u64 node;
};

static void reference_destroy(struct reference *r)
{
	hf_link_fini(&r->handle_link);
	hf_link_fini(&r->node_link);
	hf_link_fini(&r->dead_link);
}

static void reference_release(struct reference *r)
{
	hf_free(r);
}

HF_ARC_DEFINE(reference, struct reference, refs, reference_destroy, reference_release);
HF_MAP_DEFINE(by_handle, reference_arc, struct reference, handle_link, handle, hf_compare);
HF_MAP_DEFINE(by_node, reference_arc, struct reference, node_link, node, hf_compare);
HF_LIST_DEFINE(dead, reference_arc, struct reference, dead_link);

struct table {
	struct by_handle by_handle;
	struct by_node by_node;
	struct dead dead;
};

HF_LOCKED_DEFINE(locked_table, rwlock, struct table);

static int reference_init(struct reference *r, const struct reference_key *key)
{
	by_handle_set_key(r, key->handle);
	by_node_set_key(r, key->node);
	return 0;
}

/* The smallest handle that nobody has. */
static u32 free_handle(const struct by_handle *m)
{
	u32 handle = 0;
	hf_map_cursor(c, m);

	for (const struct reference *r; (r = by_handle_next(&c)) && r->handle == handle;)
		handle++;
	return handle;
}

int table_add(struct locked_table *l, u64 node);
int table_add(struct locked_table *l, u64 node)
{
	hf_write_lock(t, l);
	const struct reference_key key = { .handle = free_handle(&t->by_handle), .node = node };

	if (hf_errno(by_node_find(&t->by_node, node)) != -ENOENT)
		return -EEXIST;
	hf_let_arc(reference, r, hf_try(hf_new_arc_with(reference, GFP_ATOMIC, reference_init, &key)));
	hf_try_errno(by_handle_insert(&t->by_handle, hf_clone(r)));
	return by_node_insert(&t->by_node, hf_move(r));
}

/* Found under the read guard, with a reference when it is left; several threads at once. */
struct reference_arc_result table_find(const struct locked_table *l, u32 handle);
struct reference_arc_result table_find(const struct locked_table *l, u32 handle)
{
	hf_read_lock(t, l);
	return hf_ok(reference_arc, hf_arc_from(reference, hf_try_in(reference_arc, by_handle_find(&t->by_handle, handle))));
}

u64 table_sum(const struct locked_table *l);
u64 table_sum(const struct locked_table *l)
{
	u64 sum = 0;
	hf_read_lock(t, l);
	hf_map_cursor(c, &t->by_node);

	for (const struct reference *r; (r = by_node_next(&c));) {
		hf_map_cursor(d, &t->by_node);

		by_node_seek(&d, r->node + 1);
		for (const struct reference *q; (q = by_node_prev(&d));)
			sum += q->node;
	}
	return sum;
}

/* The lock is given up within the loop, and any element may be removed meanwhile. */
int table_kill(struct locked_table *l, u64 from);
int table_kill(struct locked_table *l, u64 from)
{
	int n = 0;
	hf_write_lock(t, l);
	hf_map_cursor(c, &t->by_node);

	by_node_seek(&c, from);
	for (const struct reference *r; (r = by_node_next(&c));) {
		hf_let_arc(reference, kept, hf_try(by_node_remove(&t->by_node, r)));
		hf_let_arc(reference, other, hf_try(by_handle_remove(&t->by_handle, hf_ref(kept))));

		dead_push_back(&t->dead, hf_move(other));
		{
			hf_unlocked(t);
			n += (int)hf_ref(kept)->handle;
		}
	}
	return n;
}

/* Elements that leave by their key one after another, and then all that are left. */
int sizes_dropped(struct free_buffers *m, struct by_size first, struct by_size second);
int sizes_dropped(struct free_buffers *m, struct by_size first, struct by_size second)
{
	int n = 0;

	{
		hf_let(buffer, x, hf_try(free_buffers_remove_key(m, first)));
	}
	{
		hf_let(buffer, x, hf_try(free_buffers_remove_key(m, second)));
	}
	while (!free_buffers_empty(m)) {
		hf_let(buffer, x, hf_try(free_buffers_pop_first(m)));
		n += hf_ref(x)->size.size != 0;
	}
	return n;
}
