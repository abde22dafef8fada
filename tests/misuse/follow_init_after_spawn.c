// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock that is initialised when the thread that takes it may run already
// rule: lock-not-initialised
// compilers: none
// checker: 'sampler_run' uses 'p.log' and may run since line
#include <holdfast/arc.h>
#include <holdfast/lock.h>
#include <holdfast/thread.h>

struct log {
	u32 samples;
};

HF_LOCKED_DEFINE(locked_log, mutex, struct log);

struct probe {
	struct hf_refs refs;
	struct locked_log log;
};

static void probe_destroy(struct probe *p)
{
	hf_lock_fini(&p->log);
}

static void probe_release(struct probe *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(probe, struct probe, refs, probe_destroy, probe_release);
HF_THREAD_DEFINE(sampler, probe_arc, sampler_run);

static int sampler_run(const struct probe *p)
{
	while (!hf_thread_should_stop()) {
		hf_lock(l, &p->log);

		l->samples++;
	}
	return 0;
}

static void probe_init(struct probe *p)
{
	hf_lock_init(&p->log); /* E */
}

struct sampler_own_result sampler_start(void);
struct sampler_own_result sampler_start(void)
{
	hf_let_arc(probe, p, hf_try_in(sampler_own, hf_new_arc(probe, GFP_KERNEL)));
	struct probe *const raw = hf_try_in(sampler_own, hf_arc_unique(p));
#ifdef MISUSE
	hf_let(sampler, s, hf_try_in(sampler_own, hf_thread_spawn(sampler, "p", hf_clone(p), GFP_KERNEL)));

	probe_init(raw);
#else
	probe_init(raw);
	hf_let(sampler, s, hf_try_in(sampler_own, hf_thread_spawn(sampler, "p", hf_clone(p), GFP_KERNEL)));
#endif
	return hf_ok(sampler_own, hf_move(s));
}
