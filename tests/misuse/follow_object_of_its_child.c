// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device that owns its channel, which holds a reference to the device
// rule: callback-outlives-data
// compilers: none
// checker: 'd' owns 'c.dev', which would hold a reference to it, so neither is ever dropped: make it a weak
#include <holdfast/arc.h>
#include <holdfast/lock.h>

struct chan;
static void chan_free(struct chan *c);
HF_OWN_DEFINE(chan, struct chan, chan_free);

struct state {
	struct chan_own chan;
	u32 opened;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

struct dev {
	struct hf_refs refs;
	struct locked_state state;
};

static void dev_destroy(struct dev *d)
{
	/* SAFETY: nobody can reach it any more. */
	chan_own_drop(&hf_lock_get_mut_unchecked(&d->state)->chan);
	hf_lock_fini(&d->state);
}

static void dev_release(struct dev *d)
{
	hf_free(d);
}

HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

#ifdef MISUSE
#define KIND dev_arc
#define KIND_DROP dev_arc_drop
#else
#define KIND dev_weak
#define KIND_DROP dev_weak_drop
#endif

struct chan {
	struct KIND dev;
	u32 number;
};

static void chan_free(struct chan *c)
{
	KIND_DROP(&c->dev);
	hf_free(c);
}

int dev_open(const struct dev_arc *d, u32 number);
int dev_open(const struct dev_arc *d, u32 number)
{
	hf_let(chan, c, hf_try(hf_new(chan, GFP_KERNEL)));

	hf_mut(c)->number = number;
#ifdef MISUSE
	hf_set(hf_mut(c)->dev, hf_clone(*d)); /* E */
#else
	hf_set(hf_mut(c)->dev, hf_downgrade(dev, *d));
#endif
	hf_lock(s, &hf_ref(*d)->state);
	s->opened++;
	hf_set(s->chan, hf_move(c));
	return 0;
}
