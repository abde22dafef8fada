// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Errors, wake-ups and numbers close to those that are lost, told nobody, or trusted, and right. */
#include <holdfast/arc.h>
#include <holdfast/num.h>
#include <holdfast/rcu.h>
#include <holdfast/result.h>
#include <holdfast/slice.h>
#include <holdfast/thread.h>
#include <holdfast/vec.h>
#include <holdfast/wait.h>
#include <holdfast/work.h>

#define SLOTS 8

struct told_state {
	u32 used, waiting;
	bool paused, done;
};

HF_LOCKED_DEFINE(told_locked, mutex, struct told_state);
HF_CONDVAR_DEFINE(told_locked);

struct told {
	struct hf_refs refs;
	struct hf_work work;
	struct told_locked state;
	struct told_locked_condvar changed, resumed, finished;
	struct hf_completion answered;
	u32 pending;
};

int told_step(u32 i) HF_MUST_USE;
int told_read(u32 i, bool *more) HF_MUST_USE;
void told_note(int err);

/* --- errors of a loop --- */

/* The first one is kept. */
int told_first(u32 n);
int told_first(u32 n)
{
	int err = 0;

	for (u32 i = 0; i < n; i++)
		err = err ? err : told_step(i);
	return err;
}

/* Each is looked at. */
int told_each(u32 n);
int told_each(u32 n)
{
	int err = 0;

	for (u32 i = 0; i < n; i++) {
		err = told_step(i);
		if (err)
			told_note(err);
	}
	return err;
}

/* The one that is searched for. */
int told_found(const u32 *ids, u32 n, u32 id);
int told_found(const u32 *ids, u32 n, u32 id)
{
	int err = -ENOENT;

	for (u32 i = 0; i < n; i++)
		if (ids[i] == id)
			err = told_step(i);
	return err;
}

/* Where it fails there is no more. */
int told_all(void);
int told_all(void)
{
	bool more = true;
	int err = 0;

	for (u32 i = 0; more; i++)
		err = told_read(i, &more);
	return err;
}

/* The last value, which is no error. */
static int told_level(u32 i)
{
	return (int)(i * 3 % 7);
}

int told_last(u32 n);
int told_last(u32 n)
{
	int level = 0;

	for (u32 i = 0; i < n; i++)
		level = told_level(i);
	return level;
}

/* --- errnos --- */

/* A status of the other side, which the caller negates. */
static int told_errno_of(u32 status)
{
	switch (status) {
	case 0:
		return 0;
	case 1:
		return EBUSY;
	default:
		return EIO;
	}
}

int told_status(u32 status);
int told_status(u32 status)
{
	if (status > 9)
		return -EPROTO;
	return -told_errno_of(status);
}

/* --- wake-ups --- */

void told_put(const struct told *t);
void told_put(const struct told *t)
{
	hf_lock(s, &t->state);

	while (s->used == SLOTS)
		hf_wait(&t->changed, s);
	s->used++;
	hf_notify_all(&t->changed);
}

/* Its caller wakes them. */
static void told_take_one(struct told_state *s)
{
	s->used--;
}

void told_get(const struct told *t);
void told_get(const struct told *t)
{
	hf_lock(s, &t->state);

	while (!s->used)
		hf_wait(&t->changed, s);
	told_take_one(s);
	hf_notify_all(&t->changed);
}

/* What this changes ends no wait. */
void told_pause(const struct told *t);
void told_pause(const struct told *t)
{
	hf_lock(s, &t->state);

	s->paused = true;
}

void told_wait_resumed(const struct told *t);
void told_wait_resumed(const struct told *t)
{
	hf_lock(s, &t->state);

	while (s->paused)
		hf_wait(&t->resumed, s);
}

/* One waits: the thread, of which there is one. */
static int told_run(const struct told *t)
{
	hf_lock(s, &t->state);

	while (!s->done)
		hf_wait(&t->finished, s);
	return 0;
}

static void told_destroy(struct told *t)
{
	hf_completion_fini(&t->answered);
	hf_cond_fini(&t->finished);
	hf_cond_fini(&t->resumed);
	hf_cond_fini(&t->changed);
	hf_lock_fini(&t->state);
}

static void told_release(struct told *t)
{
	hf_free(t);
}

HF_ARC_DEFINE(told, struct told, refs, told_destroy, told_release);
HF_THREAD_DEFINE(told_thread, told_arc, told_run);
HF_WORK_DEFINE(told_work, told_arc, struct told, work, told_answer);

int told_spawn(const struct told_arc *t, struct told_thread_own *to);
int told_spawn(const struct told_arc *t, struct told_thread_own *to)
{
	hf_set(*to, hf_try(hf_thread_spawn(told_thread, "told", hf_clone(*t), GFP_KERNEL)));
	return 0;
}

void told_finish(const struct told *t);
void told_finish(const struct told *t)
{
	hf_lock(s, &t->state);

	s->done = true;
	hf_notify_one(&t->finished);
}

/* --- completions --- */

static void told_fail(const struct told *t, int err)
{
	told_note(err);
	hf_complete(&t->answered);
}

/* The last part completes; what failed is told by another function. */
static void told_answer(struct told_arc given)
{
	hf_let_arc(told, t, given);
	const int err = told_step(1);

	if (err) {
		told_fail(hf_ref(t), err);
		return;
	}
	if (hf_ref(t)->pending)
		return;
	hf_complete(&hf_ref(t)->answered);
}

int told_ask(const struct told_arc *t);
int told_ask(const struct told_arc *t)
{
	hf_try_errno(hf_work_queue(told_work, hf_system_workqueue(), hf_clone(*t)));
	return hf_completion_wait_timeout(&hf_ref(*t)->answered, 100);
}

/* --- RCU --- */

struct told_limits {
	struct hf_rcu_head rcu;
	u32 rate, burst;
};

static void told_limits_free(struct told_limits *l)
{
	hf_free(l);
}

HF_RCU_DEFINE(told_limits, struct told_limits, rcu, told_limits_free);

struct told_shaper {
	struct told_limits_rcu limits;
	struct told_locked writers;
};

int told_faster(const struct told_shaper *s);
int told_faster(const struct told_shaper *s)
{
	hf_let(told_limits, next, hf_try(hf_new(told_limits, GFP_KERNEL)));
	hf_lock(w, &s->writers);

	{
		hf_rcu_read_else(l, &s->limits, return -ENODEV);
		hf_mut(next)->rate = l->rate + 1;
		hf_mut(next)->burst = l->burst;
	}
	w->used++;
	hf_let(told_limits_retired, old, told_limits_rcu_replace(&s->limits, hf_move(next)));
	return 0;
}

/* What does not depend on what was there needs no lock. */
int told_reset(const struct told_shaper *s);
int told_reset(const struct told_shaper *s)
{
	hf_let(told_limits, next, hf_try(hf_new(told_limits, GFP_KERNEL)));

	hf_mut(next)->rate = 1;
	hf_let(told_limits_retired, old, told_limits_rcu_replace(&s->limits, hf_move(next)));
	return 0;
}

/* --- two elements --- */

struct told_cell {
	u32 left, right;
};

HF_SLICE_DEFINE(told_cell, struct told_cell);

static void told_shift(struct told_cell *to, struct told_cell *from)
{
	to->left += from->right;
	from->right = 0;
}

static void told_shift_any(struct told_cell *to, struct told_cell *from)
{
	if (to == from)
		return;
	to->left += from->right;
	from->right = 0;
}

static u32 told_sum(struct told_cell *to, const struct told_cell *from)
{
	return to->left += from->right;
}

int told_move(struct told_cell_slice all, struct hf_untrusted_u16 from, struct hf_untrusted_u16 to);
int told_move(struct told_cell_slice all, struct hf_untrusted_u16 from, struct hf_untrusted_u16 to)
{
	const u16 i = hf_try(hf_below(from, hf_len(all)));
	const u16 k = hf_try(hf_below(to, hf_len(all)));
	struct told_cell *const a = hf_try(hf_get(all, i));
	struct told_cell *const b = hf_try(hf_get(all, k));

	told_shift_any(a, b);
	if (i != k)
		told_shift(a, b);
	return (int)told_sum(a, b);
}

/* --- loops over an array --- */

u32 told_values(const u32 (*values)[12], struct hf_untrusted_u16 count);
u32 told_values(const u32 (*values)[12], struct hf_untrusted_u16 count)
{
	const u16 n = hf_accept_any(count);
	u32 sum = 0;

	for (u16 i = 0; i < n && i < 12; i++)
		sum += hf_array_at(*values, i);
	for (u16 i = 0; i < n; i++)
		sum += hf_array_at(*values, i % 12);
	return sum;
}

/* Its callers have positive ones, as those of userspace have. */
int told_call(int which);
int told_ioctl(bool is_open, int which);
int told_ioctl(bool is_open, int which)
{
	return is_open ? -told_call(which) : EBADF;
}
