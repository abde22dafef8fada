// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a thread whose loop waits for work and never asks whether it shall stop
// rule: callback-outlives-data
// compilers: none
// checker: the loop of the thread 'log_write' never ends
#include <holdfast/holdfast.h>

struct log_state {
	u32 dirty;
};

HF_LOCKED_DEFINE(log_locked, mutex, struct log_state);
HF_CONDVAR_DEFINE(log_locked);

struct log {
	struct hf_refs refs;
	struct log_locked state;
	struct log_locked_condvar changed;
};

void log_destroy(struct log *l);
void log_release(struct log *l);
HF_ARC_DEFINE(log, struct log, refs, log_destroy, log_release);
HF_THREAD_DEFINE(log_writer, log_arc, log_write);

void flash_write(u32 page);

static int log_write(const struct log *l)
{
	hf_lock(s, &l->state);
#ifdef MISUSE
	while (true) { /* E */
#else
	while (!hf_thread_should_stop()) {
#endif
		if (s->dirty)
			flash_write(s->dirty--);
		else
			hf_wait(&l->changed, s);
	}
	return 0;
}

struct log_writer_own_result log_start(struct log *l);
struct log_writer_own_result log_start(struct log *l)
{
	hf_lock_init(&l->state);
	hf_cond_init(&l->changed);
	return hf_thread_spawn(log_writer, "log", hf_arc_from(log, l), GFP_KERNEL);
}
