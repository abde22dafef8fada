// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation that must not wait is promised not to fail
// rule: failed-unwrap
// compilers: none
// checker: an allocation that must not wait fails when memory is short
#include <holdfast/arc.h>
#include <holdfast/lock.h>

struct sample {
	struct hf_refs refs;
	u32 value;
};

void sample_destroy(struct sample *s);
void sample_release(struct sample *s);
HF_ARC_DEFINE(sample, struct sample, refs, sample_destroy, sample_release);

struct sampler {
	struct sample_arc last;
	u32 lost;
};

HF_LOCKED_DEFINE(locked_sampler, spinlock_irq, struct sampler);

void sampler_tick(const struct locked_sampler *l, u32 value);
void sampler_tick(const struct locked_sampler *l, u32 value)
{
	hf_lock(s, l);
#ifdef MISUSE
	hf_let_arc(sample, now, hf_expect(hf_new_arc(sample, GFP_ATOMIC), "it is small")); /* E */
#else
	hf_let_arc(sample, now, hf_empty(sample_arc));

	if (hf_set_ok(now, hf_new_arc(sample, GFP_ATOMIC))) {
		s->lost++;
		return;
	}
#endif
	hf_expect(hf_arc_unique(now), "it is new")->value = value;
	hf_let_arc(sample, before, hf_replace(s->last, hf_move(now)));
}
