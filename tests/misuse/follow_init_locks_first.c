// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an initialiser takes a lock by a helper before it initialises it
// rule: lock-not-initialised
// compilers: none
// checker: is used here, and initialised later
#include <holdfast/arc.h>
#include <holdfast/lock.h>

struct counters {
	u32 resets;
};
HF_LOCKED_DEFINE(locked_counters, mutex, struct counters);

struct card {
	struct hf_refs refs;
	struct locked_counters counters;
};

static void card_destroy(struct card *c)
{
	hf_lock_fini(&c->counters);
}

static void card_release(struct card *c)
{
	hf_free(c);
}

HF_ARC_DEFINE(card, struct card, refs, card_destroy, card_release);

static void card_reset(struct card *c)
{
	hf_lock(n, &c->counters); /* E */

	n->resets++;
}

static int card_init(struct card *c, u32 warm)
{
#ifdef MISUSE
	if (!warm)
		card_reset(c);
	hf_lock_init(&c->counters);
#else
	hf_lock_init(&c->counters);
	if (!warm)
		card_reset(c);
#endif
	return 0;
}

u32 card_make(u32 warm);
u32 card_make(u32 warm)
{
	hf_let_arc(card, c, hf_try_or(hf_new_arc_with(card, GFP_KERNEL, card_init, warm), 0));
	hf_lock(n, &hf_ref(c)->counters);

	return n->resets;
}
