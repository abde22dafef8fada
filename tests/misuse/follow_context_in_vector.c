// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a vector of callbacks keeps a borrow of an object that is dropped when the function ends
// rule: borrow-escapes
// compilers: none
// checker: 'ctx' keeps a pointer to what belongs to 'm', whose scope has ended
#include <holdfast/lock.h>
#include <holdfast/own.h>
#include <holdfast/vec.h>

struct meter {
	u32 ticks;
};
static void meter_free(struct meter *m);
HF_OWN_DEFINE(meter, struct meter, meter_free);

struct hook {
	struct meter *ctx;
	void (*tick)(struct meter *m);
};

HF_SLICE_DEFINE(hook, struct hook);
HF_VEC_DEFINE(hook);
HF_RESULT_DEFINE(hook, struct hook);
HF_LOCKED_DEFINE(hooks, mutex, struct hook_vec);

static struct hooks clock_hooks;

static int hook_add(struct hook h)
{
	hf_lock(v, &clock_hooks);

	return hf_vec_push(v, h, GFP_KERNEL); /* E */
}

static void hook_remove(const struct meter *m)
{
	hf_lock(v, &clock_hooks);

	for (size_t i = 0; i < hf_len(*v); i++)
		if (hf_at(*v, i).ctx == m) {
			(void)hf_errno(hf_vec_remove(hook, v, i));
			return;
		}
}

static void meter_free(struct meter *m)
{
#ifndef MISUSE
	hook_remove(m);
#endif
	hf_free(m);
}

static void meter_tick(struct meter *m)
{
	m->ticks++;
}

void clock_tick(void);
void clock_tick(void)
{
	hf_lock(v, &clock_hooks);

	hf_for_each(h, *v)
		h->tick(h->ctx);
}

int meter_run(void);
int meter_run(void)
{
	hf_let(meter, m, hf_try(hf_new(meter, GFP_KERNEL)));

	hf_try_errno(hook_add((struct hook){ .ctx = hf_mut(m), .tick = meter_tick }));
#ifdef MISUSE
	(void)hook_remove;
#endif
	return 0;
}
