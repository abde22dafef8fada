// SPDX-License-Identifier: GPL-2.0-only OR MIT
// What may sleep where no guard spins, and what may not where one does.
#include <holdfast/holdfast.h>

struct item {
	struct hf_link link;
	int id;
};

void item_free(struct item *x);
HF_OWN_DEFINE(item, struct item, item_free);
HF_LIST_DEFINE(items, item_own, struct item, link);
HF_VEC_DEFINE(u16);

HF_CONDVAR_DEFINE(by_spinlock);

struct state {
	struct items items;
	struct u16_vec ids;
	struct by_spinlock_condvar changed;
	int next;
};

HF_LOCKED_DEFINE(by_mutex, mutex, struct state);
HF_LOCKED_DEFINE(by_spinlock, spinlock, struct state);
HF_LOCKED_DEFINE(by_spinlock_irq, spinlock_irq, struct state);
HF_LOCKED_DEFINE(by_rwlock, rwlock, struct state);

void flush(int n) HF_SLEEPS;
bool wanted(int i);

static int before_and_after(struct by_spinlock *l)
{
	hf_let(item, x, hf_try(hf_new(item, GFP_KERNEL)));

	{
		hf_lock(s, l);

		hf_mut(x)->id = s->next++;
		if (!wanted(s->next))
			return -EAGAIN;
		items_push_back(&s->items, hf_move(x));
	}
	flush(1);
	return 0;
}

static int under_a_mutex(struct by_mutex *l, struct hf_completion *done)
{
	hf_lock(s, l);
	hf_let(item, x, hf_try(hf_new(item, GFP_KERNEL)));

	hf_try_errno(hf_vec_push(&s->ids, 1, GFP_KERNEL));
	items_push_back(&s->items, hf_move(x));
	hf_completion_wait(done);
	flush(s->next);
	return 0;
}

static int without_sleep(struct by_spinlock *l, gfp_t gfp)
{
	hf_lock(s, l);
	hf_let(item, x, hf_try(hf_new(item, GFP_ATOMIC)));

	hf_mut(x)->id = 1;
	hf_try_errno(hf_vec_reserve(&s->ids, 1, GFP_NOWAIT));
	hf_try_errno(hf_vec_push_within(&s->ids, 1));
	return hf_vec_push(&s->ids, 2, gfp);	/* the caller knows */
}

static int one_in_another(struct by_mutex *m, struct by_spinlock *a, struct by_spinlock_irq *b, struct by_rwlock *c)
{
	int n = 0;
	hf_lock(o, m);

	for (int i = 0; i < o->next; i++) {
		hf_lock(g, a);

		if (wanted(i))
			break;
		{
			hf_lock(h, b);

			n += h->next;
			if (n > 100)
				return n;
		}
		hf_read_lock(r, c);
		n += r->next + g->next;
	}
	flush(n);
	{
		hf_write_lock(w, c);

		w->next = n;
	}
	flush(n);
	return n;
}

static int waiting(struct by_spinlock *l)
{
	hf_lock(s, l);

	while (!s->next)
		hf_wait(&s->changed, s);	/* gives the lock up */
	return s->next--;
}

static int held(struct by_spinlock *l) HF_REQUIRES(l);
static int held(struct by_spinlock *l)
{
	return hf_held(l)->next;
}

static int of_the_caller(struct by_spinlock *l, struct by_mutex *m)
{
	int n;

	{
		hf_lock(s, l);
		n = s->next + held(l);
	}
	switch (n) {
	case 1: {
		hf_lock(s, l);

		s->next = held(l);
		break;
	}
	case 2: {
		hf_lock(s, m);

		s->next = 0;
		flush(n);
		break;
	}
	default:
		flush(n);
	}
	flush(n);
	return n;
}

/* Helpers of several locks, which call each other; those of a lock that sleeps may sleep. */
static int of_two(struct by_spinlock *a, const struct by_rwlock *c) HF_REQUIRES(a) HF_REQUIRES_SHARED(c);
static int of_two(struct by_spinlock *a, const struct by_rwlock *c)
{
	hf_held(a)->next = hf_held_shared(c)->next;
	return held(a) + held(a);
}

static int of_three(struct by_mutex *m, struct by_spinlock *a, const struct by_rwlock *c)
	HF_REQUIRES(m) HF_REQUIRES(a) HF_REQUIRES_SHARED(c);
static int of_three(struct by_mutex *m, struct by_spinlock *a, const struct by_rwlock *c)
{
	hf_held(m)->next = of_two(a, c);
	return of_two(a, c);
}

static int of_a_mutex(struct by_mutex *m, struct by_spinlock *a, const struct by_rwlock *c) HF_REQUIRES(m);
static int of_a_mutex(struct by_mutex *m, struct by_spinlock *a, const struct by_rwlock *c)
{
	int n;

	flush(1);
	{
		hf_lock(s, a);
		hf_read_lock_else(t, c, HF_TRY, return s->next);
		n = of_three(m, a, c) + t->next;
		{
			hf_unlocked(s);
			n += wanted(n);
		}
		n += of_three(m, a, c);
	}
	flush(n);
	return hf_held(m)->next;
}

static void flush_cb(void *n)
{
	flush(*(const int *)n);
}

void slow_cb(void *n) HF_SLEEPS;

/* Deferred calls run where the guards after them are gone, and before the ones that were taken first. */
static int deferred(struct by_mutex *m, struct by_spinlock *a)
{
	int n = 1;

	hf_lock(t, m);
	hf_defer(late, slow_cb, &n);
	hf_lock(s, a);
	s->next = t->next;
	{
		hf_unlocked(s);
		hf_defer(here, slow_cb, &n);
		hf_defer(unmarked, flush_cb, &n);
		n++;
	}
	return s->next;
}

int all(struct by_mutex *m, struct by_spinlock *a, struct by_spinlock_irq *b, struct by_rwlock *c,
	struct hf_completion *done);
int all(struct by_mutex *m, struct by_spinlock *a, struct by_spinlock_irq *b, struct by_rwlock *c,
	struct hf_completion *done)
{
	hf_try_errno(before_and_after(a));
	hf_try_errno(under_a_mutex(m, done));
	hf_try_errno(without_sleep(a, GFP_ATOMIC));
	hf_try_errno(one_in_another(m, a, b, c));
	hf_try_errno(waiting(a));
	hf_try_errno(deferred(m, a));
	{
		hf_lock(s, m);
		hf_try_errno(of_a_mutex(m, a, c));
		s->next = 0;
	}
	return of_the_caller(a, m);
}
