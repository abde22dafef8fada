// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Lists of shared objects, lists that are const: readers, several links, whoever comes first.
#include <holdfast/holdfast.h>

struct work {
	struct hf_refs refs;
	struct hf_link queue_link;
	struct hf_link all_link;
	u32 id;
};

static void work_destroy(struct work *w)
{
	hf_link_fini(&w->queue_link);
	hf_link_fini(&w->all_link);
}

static void work_release(struct work *w)
{
	hf_free(w);
}

HF_ARC_DEFINE(work, struct work, refs, work_destroy, work_release);
HF_LIST_DEFINE(queue, work_arc, struct work, queue_link);
HF_LIST_DEFINE(works, work_arc, struct work, all_link);

struct registry {
	struct works all;
	u32 next_id;
};

HF_LOCKED_DEFINE(locked_registry, rwlock, struct registry);
HF_LOCKED_DEFINE(locked_queue, spinlock, struct queue);

struct shared_device {
	struct locked_registry registry;
	struct locked_queue queue;
};

static int work_init(struct work *w, const u32 *id)
{
	w->id = *id;
	return 0;
}

/* Found under the read guard, with a reference when it is left; several threads at once. */
struct work_arc_result shared_device_find(const struct shared_device *d, u32 id);
struct work_arc_result shared_device_find(const struct shared_device *d, u32 id)
{
	hf_read_lock(r, &d->registry);
	hf_list_cursor(c, &r->all);

	for (const struct work *w; (w = works_next(&c));)
		if (w->id == id)
			return hf_ok(work_arc, hf_arc_from(work, w));
	return hf_err(work_arc, -ENOENT);
}

/* Loops inside loops, both of readers. */
bool device_has_twins(const struct shared_device *d);
bool device_has_twins(const struct shared_device *d)
{
	hf_read_lock(r, &d->registry);
	hf_list_cursor(i, &r->all);

	for (const struct work *a; (a = works_next(&i));) {
		hf_list_cursor(j, &r->all);

		for (const struct work *b; (b = works_prev(&j));)
			if (a != b && a->id == b->id)
				return true;
	}
	return false;
}

/* A helper that asks for the lock, and the list as an argument of readers. */
static u32 sum_of(const struct works *l)
{
	u32 sum = 0;
	hf_list_cursor(c, l);

	for (const struct work *w; (w = works_next(&c));)
		sum += w->id;
	return sum;
}

static u32 sum_held(const struct shared_device *d) HF_REQUIRES_SHARED(&d->registry);
static u32 sum_held(const struct shared_device *d)
{
	return sum_of(&hf_held_shared(&d->registry)->all);
}

u32 device_sum(const struct shared_device *d);
u32 device_sum(const struct shared_device *d)
{
	hf_read_lock(r, &d->registry);
	return sum_held(d) + r->next_id;
}

/* A list of a structure that is lent for reading, and the first of it that fits. */
const struct work *first_above(const struct registry *r, u32 id);
const struct work *first_above(const struct registry *r, u32 id)
{
	hf_list_cursor(c, &r->all);

	for (const struct work *w; (w = works_next(&c));)
		if (w->id > id)
			return w;
	return NULL;
}

int device_first(const struct shared_device *d);
int device_first(const struct shared_device *d)
{
	hf_read_lock(r, &d->registry);
	return (int)hf_try(works_front(&r->all))->id;
}

/* In one list by each link; each list has its own reference. */
int shared_device_add(const struct shared_device *d);
int shared_device_add(const struct shared_device *d)
{
	u32 id = 0;

	{
		hf_write_lock(r, &d->registry);
		id = r->next_id++;
	}
	hf_let_arc(work, w, hf_try(hf_new_arc_with(work, GFP_KERNEL, work_init, &id)));
	{
		hf_write_lock(r, &d->registry);
		works_push_back(&r->all, hf_clone(w));
	}
	hf_lock(q, &d->queue);
	queue_push_back(q, hf_move(w));
	return 0;
}

/* Queued unless it is queued already; the caller keeps its reference. */
bool device_kick(const struct shared_device *d, const struct work *w);
bool device_kick(const struct shared_device *d, const struct work *w)
{
	hf_lock(q, &d->queue);
	return queue_try_push_back(q, hf_arc_from(work, w)) == 0;
}

int device_kick_again(const struct shared_device *d, struct work_arc arg);
int device_kick_again(const struct shared_device *d, struct work_arc arg)
{
	hf_let_arc(work, w, arg);
	hf_lock(q, &d->queue);

	hf_try_errno(queue_try_push_front(q, hf_clone(w)));
	return (int)hf_ref(w)->id;
}

/* Out of one list while another is walked. */
int device_cancel(const struct shared_device *d, u32 id);
int device_cancel(const struct shared_device *d, u32 id)
{
	hf_read_lock(r, &d->registry);
	hf_list_cursor(c, &r->all);

	for (const struct work *w; (w = works_next(&c));) {
		if (w->id != id)
			continue;
		hf_lock(q, &d->queue);
		hf_let_arc(work, gone, hf_try(queue_remove(q, w)));
		return (int)hf_ref(gone)->id;
	}
	return -ENOENT;
}

unsigned int device_drain(const struct shared_device *d);
unsigned int device_drain(const struct shared_device *d)
{
	unsigned int n = 0;

	for (;;) {
		hf_let_arc(work, w, hf_empty(work_arc));
		{
			hf_lock(q, &d->queue);
			if (hf_set_ok(w, queue_pop_front(q)))
				return n;
		}
		n += hf_ref(w)->id != 0;
	}
}

/* In the order of their ids, from behind. */
int device_sort_in(struct works *l, struct work_arc arg);
int device_sort_in(struct works *l, struct work_arc arg)
{
	hf_let_arc(work, w, arg);
	hf_list_cursor(c, l);

	for (const struct work *at; (at = works_prev(&c));)
		if (at->id <= hf_ref(w)->id)
			return works_insert_after(l, at, hf_move(w));
	works_push_front(l, hf_move(w));
	return 0;
}
