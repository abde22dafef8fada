// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Guards in nested scopes, in loops and in functions that are called with the lock held.
#include <holdfast/holdfast.h>

struct stats {
	int hits, misses;
	int last[4];
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);
HF_CONDVAR_DEFINE(locked_stats);
HF_LOCKED_AFTER_DEFINE(locked_inner, spinlock, struct stats, locked_stats);
HF_LOCKED_DEFINE(locked_table, rwlock, struct stats);
HF_LOCKED_BY_DEFINE(guarded_int, locked_stats, int);

struct dev {
	struct locked_stats stats;
	struct locked_inner inner;
	struct locked_table table;
	struct guarded_int count;
	struct locked_stats_condvar changed;
};

static int copied_out(struct dev *d)
{
	hf_lock(g, &d->stats);
	return g->hits;
}

static int one_after_the_other(struct dev *d)
{
	int n;

	{
		hf_lock(g, &d->stats);
		n = g->hits;
	}
	{
		hf_lock(g, &d->stats);
		g->misses = n;
	}
	return n;
}

static int nested(struct dev *d)
{
	hf_lock(g, &d->stats);
	int n = g->hits;

	if (n) {
		hf_lock(i, &d->inner);

		i->hits += n;
		if (i->hits > 5)
			return i->hits;
	}
	g->misses++;
	return n;
}

static int in_a_loop(struct dev *d, int n)
{
	for (int i = 0; i < n; i++) {
		hf_lock(g, &d->stats);

		if (g->hits > 3)
			break;
		if (g->hits == 2)
			continue;
		if (g->hits == 1)
			return 1;
		g->hits++;
	}
	return copied_out(d);
}

static int bump(struct dev *d) HF_REQUIRES(&d->stats);
static int bump(struct dev *d)
{
	struct stats *s = hf_held(&d->stats);

	return s->hits++;
}

static int bump_twice(struct dev *d) HF_REQUIRES(&d->stats);
static int bump_twice(struct dev *d)
{
	return bump(d) + bump(d);
}

static int takes_it(struct dev *d) HF_EXCLUDES(&d->stats);
static int takes_it(struct dev *d)
{
	hf_lock(g, &d->stats);
	return g->hits + bump_twice(d);
}

static int read_then_written(struct dev *d)
{
	int n;

	{
		hf_read_lock(r, &d->table);
		n = r->hits;
	}
	hf_write_lock(w, &d->table);
	w->hits = n + 1;
	return n;
}

static int bound_to_the_lock(struct dev *d)
{
	hf_lock(g, &d->stats);

	*hf_access(&d->count, &d->stats) += g->hits;
	return *hf_access(&d->count, &d->stats);
}

static int waits(struct dev *d)
{
	hf_lock(g, &d->stats);

	while (!g->hits)
		hf_wait(&d->changed, g);
	return g->hits--;
}

static int waits_a_while(struct dev *d)
{
	hf_lock(g, &d->stats);

	while (!g->hits)
		hf_try_errno(hf_wait_timeout(&d->changed, g, 10));
	return g->hits;
}

static void by_part(struct dev *d)
{
	hf_lock(g, &d->stats);
	int *last = g->last;

	for (int i = 0; i < 4; i++)
		last[i] = i;
}

static int allocated_before(struct dev *d, struct u32_vec *v)
{
	hf_try_errno(hf_vec_reserve(v, 1, GFP_KERNEL));
	{
		hf_lock(g, &d->inner);

		hf_try_errno(hf_vec_push_within(v, (u32)g->hits));
	}
	return hf_vec_reserve(v, 1, GFP_KERNEL);
}

static int on_either_way(struct dev *d, int n)
{
	if (n) {
		hf_lock(g, &d->stats);

		n = g->hits;
	} else {
		hf_lock(g, &d->stats);

		n = g->misses;
	}
	return n;
}

static int of_two_objects(struct dev *a, struct dev *b)
{
	hf_lock(x, &a->stats);
	hf_lock(y, &b->stats);

	return x->hits + y->hits + bump(a) + bump(b);
}

int all(struct dev *d, struct dev *e, struct u32_vec *v, int n);
int all(struct dev *d, struct dev *e, struct u32_vec *v, int n)
{
	by_part(d);
	hf_notify_all(&d->changed);
	return one_after_the_other(d) + nested(d) + in_a_loop(d, n) + takes_it(d) + read_then_written(d) +
	       bound_to_the_lock(d) + waits(d) + waits_a_while(d) + allocated_before(d, v) +
	       on_either_way(d, n) + of_two_objects(d, e);
}
