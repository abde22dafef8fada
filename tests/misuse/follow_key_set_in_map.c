// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a helper sets the key of an element that is in the map
// rule: map-key-changed
// compilers: none
// checker: 't->by_deadline' has this element, and is in the order of its keys
#include <holdfast/map.h>

struct timeout {
	const u64 deadline;
	struct hf_map_link link;
	u32 tag;
};

void timeout_free(struct timeout *t);
HF_OWN_DEFINE(timeout, struct timeout, timeout_free);
HF_MAP_DEFINE(timeouts, timeout_own, struct timeout, link, deadline, hf_compare);

struct timers {
	struct timeouts by_deadline;
};

static void timeout_delay(struct timeout *t, u64 by)
{
	timeouts_set_key(t, t->deadline + by); /* E */
}

int timers_delay(struct timers *t, u32 tag, u64 by);
int timers_delay(struct timers *t, u32 tag, u64 by)
{
	hf_map_cursor(c, &t->by_deadline);

	for (struct timeout *x; (x = timeouts_next(&c));) {
		if (x->tag != tag)
			continue;
#ifdef MISUSE
		timeout_delay(x, by);
		return 0;
#else
		hf_let(timeout, out, hf_try(timeouts_remove(&t->by_deadline, x)));

		timeout_delay(hf_mut(out), by);
		return timeouts_insert(&t->by_deadline, hf_move(out));
#endif
	}
	return -ENOENT;
}
