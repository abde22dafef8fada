// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Locks, and functions that want them or must not have them.
#include <holdfast/result.h>
#include <holdfast/wait.h>

HF_CONDVAR_DEFINE(locked_stats);

struct stats {
	int hits;
	bool closed;
	struct locked_stats_condvar changed;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
HF_LOCKED_DEFINE(rw_stats, rwlock, struct stats);
HF_LOCKED_DEFINE(irq_stats, spinlock_irq, struct stats);
HF_LOCKED_BY_DEFINE(by_stats, locked_stats, int);

struct dev {
	struct locked_stats stats[4];
	struct by_stats peak;
};

HF_MUST_USE int bump(struct locked_stats *s) HF_REQUIRES(s);
int bump(struct locked_stats *s)
{
	struct stats *g = hf_held(s);

	if (g->closed)
		return -ESHUTDOWN;
	return ++g->hits;
}

int held(struct locked_stats *s);
int held(struct locked_stats *s)
{
	hf_lock(g, s);
	g->hits++;
	hf_try_errno(bump(s));
	return hf_held(s)->hits;
}

int in_a_loop(struct locked_stats *s, int n);
int in_a_loop(struct locked_stats *s, int n)
{
	for (int i = 0; i < n; i++) {
		hf_lock(g, s);
		if (g->hits > 3)
			break;
		if (g->hits == 2)
			return 1;
		if (g->hits == 1)
			continue;
		g->hits++;
	}
	hf_lock(g, s);
	return g->hits;
}

int by_goto(struct locked_stats *s);
int by_goto(struct locked_stats *s)
{
	int err = 0;

	{
		hf_lock(g, s);
		if (g->closed) {
			err = -ESHUTDOWN;
			goto out;
		}
		g->hits++;
	}
	{
		hf_lock(g, s);
		g->hits++;
	}
out:
	return err;
}

/* Held, and the data not touched here. */
int held_for_another(struct locked_stats *s);
int held_for_another(struct locked_stats *s)
{
	hf_lock(g, s);
	return bump(s);
}

int two(struct dev *d, int i, int j);
int two(struct dev *d, int i, int j)
{
	hf_lock(a, &d->stats[i]);
	hf_lock(b, &d->stats[j]);
	return a->hits + b->hits;
}

int through_const(const struct dev *d);
int through_const(const struct dev *d)
{
	hf_lock(g, &d->stats[0]);
	return ++g->hits;
}

int peek_shared(const struct rw_stats *s) HF_REQUIRES_SHARED(s);
int peek_shared(const struct rw_stats *s)
{
	return hf_held_shared(s)->hits;
}

int readers_and_writers(struct rw_stats *s);
int readers_and_writers(struct rw_stats *s)
{
	{
		hf_write_lock(w, s);
		w->hits = peek_shared(s) + 1;
	}
	hf_read_lock(r, s);
	return r->hits + peek_shared(s);
}

int irq(struct irq_stats *s);
int irq(struct irq_stats *s)
{
	hf_lock(g, s);
	return g->hits++;
}

int in_another_object(struct dev *d);
int in_another_object(struct dev *d)
{
	hf_lock(g, &d->stats[0]);
	if (*hf_access(&d->peak, &d->stats[0]) < g->hits)
		*hf_access(&d->peak, &d->stats[0]) = g->hits;
	return 0;
}

int waits(struct locked_stats *s);
int waits(struct locked_stats *s)
{
	hf_lock(g, s);
	while (!g->hits)
		hf_wait(&g->changed, g);
	while (!g->closed)
		hf_try_errno(hf_wait_timeout(&g->changed, g, 100));
	while (g->hits < 3)
		hf_try_errno(hf_wait_interruptible(&g->changed, g));
	hf_notify_one(&g->changed);
	hf_notify_all(&g->changed);
	return bump(s);
}

int completes(struct hf_completion *c);
int completes(struct hf_completion *c)
{
	hf_complete(c);
	hf_completion_wait(c);
	hf_complete_all(c);
	return hf_completion_wait_timeout(c, 100);
}

struct work {
	int kind;
};

struct process_inner {
	int ready;
};

HF_LOCKED_DEFINE(locked_process, spinlock, struct process_inner);

struct process {
	struct locked_process inner;
};

struct thread {
	struct process *proc;
	int is_looper;
};

void push_work(struct process *p, struct work *w) HF_EXCLUDES(&p->inner);
void push_work(struct process *p, struct work *w)
{
	hf_lock(g, &p->inner);
	g->ready += w->kind;
}

void push_work_if_looper(struct process *p, struct thread *t, struct work *w)
	HF_EXCLUDES(&p->inner);
void push_work_if_looper(struct process *p, struct thread *t, struct work *w)
{
	if (!t->is_looper)
		push_work(p, w);
}

void dead_binder_done(struct process *p, struct thread *t, struct work *w);
void dead_binder_done(struct process *p, struct thread *t, struct work *w)
{
	{
		hf_lock(g, &p->inner);
		g->ready++;
	}
	push_work_if_looper(p, t, w);
	push_work_if_looper(t->proc, t, w);
}
