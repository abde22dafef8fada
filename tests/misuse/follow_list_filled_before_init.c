// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an initialiser fills a list by a helper before the list is initialised
// rule: lock-not-initialised
// compilers: none
// checker: 'free' is used here, and initialised later, in line 54
#include <holdfast/list.h>
#include <holdfast/pin.h>

struct slot {
	struct hf_link link;
	u32 nr;
};

static void slot_free(struct slot *s)
{
	hf_link_fini(&s->link);
	hf_free(s);
}

HF_OWN_DEFINE(slot, struct slot, slot_free);
HF_LIST_DEFINE(slots, slot_own, struct slot, link);

struct pool {
	struct slots free;
	u32 size;
};

static void pool_free(struct pool *p)
{
	slots_clear(&p->free);
	hf_free(p);
}

HF_OWN_DEFINE(pool, struct pool, pool_free);

static int pool_grow(struct pool *p)
{
	hf_let(slot, s, hf_try(hf_new(slot, GFP_KERNEL)));

	hf_mut(s)->nr = p->size++;
	slots_push_front(&p->free, hf_move(s)); /* E */
	return 0;
}

static int pool_init(struct pool *p, u32 size)
{
#ifndef MISUSE
	slots_init(&p->free);
#endif
	while (p->size < size)
		if (pool_grow(p))
			break;
#ifdef MISUSE
	slots_init(&p->free);
#endif
	return 0;
}

int pool_size(u32 size);
int pool_size(u32 size)
{
	hf_let(pool, p, hf_try(hf_new_with(pool, GFP_KERNEL, pool_init, size)));

	return (int)hf_ref(p)->size;
}
