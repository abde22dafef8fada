// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a work item reads is dropped, and nobody cancels the item
// rule: callback-outlives-data
// compilers: none
// checker: cal' ends here, and the work item 'probe_run', which nobody cancels
#include <holdfast/arc.h>
#include <holdfast/work.h>

struct calib {
	u32 offset, gain;
};

void calib_free(struct calib *c);
HF_OWN_DEFINE(calib, struct calib, calib_free);

struct probe {
	struct hf_refs refs;
	struct hf_delayed_work again;
	const struct calib *cal;
};

void probe_destroy(struct probe *p);
void probe_release(struct probe *p);
HF_ARC_DEFINE(probe, struct probe, refs, probe_destroy, probe_release);
HF_DELAYED_WORK_DEFINE(probe_again, probe_arc, struct probe, again, probe_run);

u32 adc_read(void);
void adc_report(u32 value);

static u32 scale(const struct probe *p)
{
	return adc_read() * p->cal->gain + p->cal->offset;
}

static void probe_run(struct probe_arc given)
{
	hf_let_arc(probe, p, given);

	adc_report(scale(hf_ref(p)));
	hf_work_queue_in(probe_again, hf_system_workqueue(), hf_clone(p), 50);
}

struct adc {
	struct calib_own cal;
	struct probe_arc probe;
};

void adc_remove(struct adc *a);
void adc_remove(struct adc *a)
{
#ifdef MISUSE
	calib_own_drop(&a->cal); /* E */
#else
	(void)hf_drop_ok(probe_arc, hf_work_cancel_wait(probe_again, hf_ref(a->probe)));
	calib_own_drop(&a->cal);
#endif
	probe_arc_drop(&a->probe);
}
