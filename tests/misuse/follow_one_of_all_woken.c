// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: one of several threads is woken, which all wait for the same flag and leave it as it is
// rule: wake-up-missed
// compilers: none
// checker: all who wait for 'frozen' may go on now, as none of them changes it, and this wakes one: use hf_notify_all()
#include <holdfast/arc.h>
#include <holdfast/thread.h>
#include <holdfast/wait.h>

struct flow {
	bool frozen;
	u32 done;
};

HF_LOCKED_DEFINE(locked_flow, mutex, struct flow);
HF_CONDVAR_DEFINE(locked_flow);

struct mill {
	struct hf_refs refs;
	struct locked_flow flow;
	struct locked_flow_condvar thawed;
};

static void mill_destroy(struct mill *m)
{
	hf_cond_fini(&m->thawed);
	hf_lock_fini(&m->flow);
}

static void mill_release(struct mill *m)
{
	hf_free(m);
}

HF_ARC_DEFINE(mill, struct mill, refs, mill_destroy, mill_release);
HF_THREAD_DEFINE(grinder, mill_arc, grind);

static int grind(const struct mill *m)
{
	hf_lock(f, &m->flow);

	while (f->frozen)
		hf_wait(&m->thawed, f);
	f->done++;
	return 0;
}

void mill_thaw(const struct mill *m);
void mill_thaw(const struct mill *m)
{
	hf_lock(f, &m->flow);

	f->frozen = false;
#ifdef MISUSE
	hf_notify_one(&m->thawed); /* E */
#else
	hf_notify_all(&m->thawed);
#endif
}

int mill_start(const struct mill_arc *m, struct grinder_own *threads, u32 n);
int mill_start(const struct mill_arc *m, struct grinder_own *threads, u32 n)
{
	for (u32 i = 0; i < n; i++)
		hf_set(threads[i], hf_try(hf_thread_spawn(grinder, "grinder", hf_clone(*m), GFP_KERNEL)));
	return 0;
}
