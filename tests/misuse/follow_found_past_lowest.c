// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of a map, after a helper dropped the first one
// rule: borrow-outlives-owner
// compilers: none
// checker: which dropped an element in line 34, and it may be this one
#include <holdfast/map.h>

struct timeout {
	const u64 at;
	struct hf_map_link link;
	u32 id;
};

static void timeout_free(struct timeout *t)
{
	hf_link_fini(&t->link);
	hf_free(t);
}

HF_OWN_DEFINE(timeout, struct timeout, timeout_free);
HF_MAP_DEFINE(timeouts, timeout_own, struct timeout, link, at, hf_compare);

struct queue {
	struct timeouts by_time;
	u64 now;
};

static int queue_expire(struct queue *q)
{
	const struct timeout *first = hf_try(timeouts_first(&q->by_time));

	if (first->at > q->now)
		return -EAGAIN;
	return hf_drop_ok(timeout_own, timeouts_remove(&q->by_time, first));
}

int queue_id(struct queue *q, u64 at, u32 *id);
int queue_id(struct queue *q, u64 at, u32 *id)
{
	const struct timeout *t = hf_try(timeouts_find(&q->by_time, at));

#ifdef MISUSE
	(void)queue_expire(q);
	*id = t->id; /* E */
#else
	*id = t->id;
	(void)queue_expire(q);
#endif
	return 0;
}
