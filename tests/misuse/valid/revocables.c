// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What drivers do with what may go away: guards in loops, beside locks and waits, and the removal. */
#include <holdfast/holdfast.h>

struct window {
	struct hf_refs refs;
	int status;
	int level[4];
};

void window_unmap(struct window *w);
void window_release(struct window *w);
HF_OWN_DEFINE(window, struct window, window_unmap);
HF_ARC_DEFINE(shared, struct window, refs, window_unmap, window_release);
HF_REVOCABLE_DEFINE(slow_window, srcu, window_own);
HF_REVOCABLE_DEFINE(fast_window, rcu, window_own);
HF_REVOCABLE_DEFINE(shared_window, srcu, shared_arc);

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(mutex_stats, mutex, struct stats);
HF_LOCKED_DEFINE(spin_stats, spinlock, struct stats);

struct edu {
	struct slow_window slow;
	struct fast_window fast;
	struct shared_window shared;
	struct mutex_stats stats;
	struct spin_stats spin;
	struct hf_completion idle;
};

void settle(const struct window *w) HF_SLEEPS;
int level_of(const struct window *w, unsigned int i);

/* A guard of kind srcu sleeps: a mutex, a wait, a function that says so. */
int slow_read(const struct edu *e);
int slow_read(const struct edu *e)
{
	hf_access_else(w, &e->slow, return -ENODEV);
	hf_lock(s, &e->stats);

	s->hits++;
	settle(w);
	hf_completion_wait(&e->idle);
	return w->status;
}

/* One of kind rcu is used where locks that spin are, on both sides of them. */
int fast_read(const struct edu *e, int *sum);
int fast_read(const struct edu *e, int *sum)
{
	{
		hf_lock(s, &e->spin);
		hf_access_else(w, &e->fast, return -ENODEV);
		s->hits += w->status;
	}
	hf_access_else(w, &e->fast, return -ENODEV);
	hf_lock(s, &e->spin);
	*sum = s->hits;
	for (unsigned int i = 0; i < 4; i++)
		*sum += level_of(w, i);
	return 0;
}

/* Guards of several in one scope, and of one in a loop that goes on without what is gone. */
int all(const struct edu *e, unsigned int n);
int all(const struct edu *e, unsigned int n)
{
	int sum = 0;

	for (unsigned int i = 0; i < n; i++) {
		hf_access_else(w, &e[i].slow, continue);
		hf_access_else(f, &e[i].fast, break);
		sum += w->status + f->status;
	}
	return sum;
}

int goes_out(const struct edu *e);
int goes_out(const struct edu *e)
{
	int err = -ENODEV;

	{
		hf_access_else(w, &e->slow, goto out);
		err = w->status;
	}
out:
	return err;
}

/* A reference outlives the guard that it was taken under. */
struct shared_arc_result keep(const struct edu *e);
struct shared_arc_result keep(const struct edu *e)
{
	hf_access_else(w, &e->shared, return hf_err(shared_arc, -ENODEV));

	return hf_ok(shared_arc, hf_arc_from(shared, w));
}

int probe(struct edu *e);
int probe(struct edu *e)
{
	hf_let(window, slow, hf_try(hf_new(window, GFP_KERNEL)));
	hf_let(window, fast, hf_try(hf_new(window, GFP_KERNEL)));

	hf_mut(slow)->status = 1;
	hf_try_errno(slow_window_init(&e->slow, hf_move(slow)));
	hf_try_errno(fast_window_init(&e->fast, hf_move(fast)));

	hf_let_arc(shared, s, hf_try(hf_new_arc(shared, GFP_KERNEL)));
	return shared_window_init(&e->shared, hf_move(s));
}

/* Of a device in a place that cannot sleep; there is nothing to allocate. */
int probe_atomic(struct edu *e, struct window_own taken);
int probe_atomic(struct edu *e, struct window_own taken)
{
	hf_let(window, w, taken);
	hf_lock(s, &e->spin);

	s->hits = 0;
	return fast_window_init(&e->fast, hf_move(w));
}

void removed(const struct edu *e);
void removed(const struct edu *e)
{
	slow_window_revoke(&e->slow);
	if (fast_window_revoke(&e->fast))
		hf_complete_all(&e->idle);
	shared_window_revoke(&e->shared);
}

/* The last reference to the device is gone. */
void edu_free(struct edu *e);
void edu_free(struct edu *e)
{
	slow_window_fini(&e->slow);
	fast_window_fini(&e->fast);
	shared_window_fini(&e->shared);
	hf_free(e);
}

/* A guard ends before the revocation, in one function. */
int dies(const struct edu *e);
int dies(const struct edu *e)
{
	bool dead;

	{
		hf_access_else(w, &e->slow, return -ENODEV);
		dead = w->status < 0;
	}
	if (dead)
		slow_window_revoke(&e->slow);
	return dead ? -EIO : 0;
}
