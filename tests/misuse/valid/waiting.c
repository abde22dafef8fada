// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Locks that may not be had, locks given up for a while, guards lent to helpers, waits with a deadline.
#include <holdfast/holdfast.h>

HF_CONDVAR_DEFINE(locked_ring);

struct ring {
	u32 free, users;
	struct locked_ring_condvar changed;
};

struct state {
	u32 waiters;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);
HF_LOCKED_AFTER_DEFINE(locked_ring, spinlock_irq, struct ring, locked_state);
HF_LOCKED_DEFINE(locked_table, rwsem, struct state);
HF_LOCKED_DEFINE(raw_count, raw_spinlock_irq, u32);
HF_LOCKED_DEFINE(bh_count, spinlock_bh, u32);
HF_CONDVAR_DEFINE(locked_state);

struct dev {
	struct locked_state state;
	struct locked_ring ring;
	struct locked_table table;
	struct raw_count raw;
	struct bh_count bh;
	struct locked_state_condvar idle;
	struct locked_ring_condvar room;
	struct hf_completion done;
};

void flush(struct dev *d) HF_SLEEPS;
void note(u32 n);

/* --- locks that may not be had ---------------------------------------------------------------- */

static int busy(struct dev *d)
{
	hf_lock_else(r, &d->ring, HF_TRY, return -EBUSY);
	return (int)r->free--;
}

static int in_a_loop(struct dev *d, int n)
{
	int got = 0;

	for (int i = 0; i < n; i++) {
		hf_lock_else(r, &d->ring, HF_TRY, continue);
		if (!r->free)
			break;
		got += (int)r->free;
	}
	return got;
}

/* A lock that is only tried for may be taken against the declared order. */
static int against_the_order(struct dev *d)
{
	hf_lock(r, &d->ring);
	hf_lock_else(s, &d->state, HF_TRY, return -EAGAIN);
	s->waiters += r->free;
	return 0;
}

static int by_goto(struct dev *d)
{
	int err = 0;

	{
		hf_lock_else(s, &d->state, HF_KILLABLE, err = -EINTR; goto out);
		hf_read_lock_else(t, &d->table, HF_INTERRUPTIBLE, goto interrupted);
		s->waiters += t->waiters;
	}
	{
		hf_write_lock_else(t, &d->table, HF_KILLABLE, goto interrupted);
		t->waiters++;
	}
out:
	return err;
interrupted:
	return -EINTR;
}

static int first_a_try(struct dev *d)
{
	{
		hf_lock_else(s, &d->state, HF_TRY, goto slow);
		return (int)s->waiters;
	}
slow:
	note(1);
	hf_lock(s, &d->state);
	return (int)s->waiters;
}

static void in_a_void_function(struct dev *d)
{
	hf_lock_else(c, &d->raw, HF_TRY, return);
	hf_lock_else(b, &d->bh, HF_TRY, { note(*c); return; });
	*c += *b;
}

static u32 two_of_a_type(struct dev *parent, struct dev *child)
{
	hf_lock(p, &parent->state);
	hf_lock_nested(c, &child->state, 1);
	return p->waiters + c->waiters;
}

/* --- locks given up for a while --------------------------------------------------------------- */

static u32 job_by_job(struct dev *d)
{
	u32 n = 0;

	hf_lock(r, &d->ring);
	while (r->users) {
		r->users--;
		{
			hf_unlocked(r);
			flush(d);
			n++;
		}
		if (!r->free)
			break;
	}
	return n + r->free;
}

static int left_early(struct dev *d, int n)
{
	hf_write_lock(t, &d->table);
	for (int i = 0; i < n; i++) {
		hf_unlocked(t);
		flush(d);
		if (i == 3)
			return -EIO;
		if (i == 2)
			break;
		if (i == 1)
			continue;
		{
			hf_read_lock(again, &d->table);
			note(again->waiters);
		}
	}
	t->waiters++;
	return 0;
}

static u32 in_one_branch(struct dev *d, bool slow)
{
	hf_lock(s, &d->state);
	hf_lock(r, &d->ring);

	if (slow) {
		hf_unlocked(r);
		flush(d);
	} else {
		r->free++;
	}
	return s->waiters + r->free;
}

/* --- guards lent to helpers ------------------------------------------------------------------- */

static void wait_for_room(struct dev *d, struct locked_ring_guard lent)
{
	hf_use_guard(r, lent);
	while (!r->free)
		hf_wait(&d->room, r);
	while (r->users) {
		hf_unlocked(r);
		flush(d);
	}
}

static int wait_a_while(struct dev *d, struct locked_ring_guard lent, struct hf_deadline end)
{
	hf_use_guard(r, lent);
	while (!r->free) {
		hf_try_errno(hf_wait_until(&d->room, r, end, HF_INTERRUPTIBLE));
		wait_for_room(d, hf_lend_guard(r));
	}
	return 0;
}

static int reserve(struct dev *d)
{
	hf_lock(r, &d->ring);
	wait_for_room(d, hf_lend_guard(r));
	hf_try_errno(wait_a_while(d, hf_lend_guard(r), hf_deadline_in(10)));
	return (int)r->free--;
}

/* --- waits ------------------------------------------------------------------------------------ */

static int each_way(struct dev *d)
{
	const struct hf_deadline end = hf_deadline_in(100);
	int err = 0;

	{
		hf_lock(r, &d->ring);
		while (!r->free)
			hf_wait(&r->changed, r);
		while (r->users && !err)
			err = hf_wait_timeout(&r->changed, r, 10);
		while (!r->users && !err)
			err = hf_wait_until(&r->changed, r, end, HF_KILLABLE);
		hf_notify_all(&r->changed);
	}
	hf_lock(s, &d->state);
	hf_lock(t, &d->bh);
	*t += s->waiters;
	return err;
}

/* Under a mutex another may be held while one waits. */
static int under_another(struct dev *d)
{
	hf_read_lock(t, &d->table);
	hf_lock(s, &d->state);
	while (s->waiters < t->waiters)
		hf_try_errno(hf_wait_interruptible(&d->idle, s));
	return 0;
}

static int completes(const struct dev *d)
{
	hf_try_errno(hf_completion_wait_until(&d->done, hf_deadline_in(5), HF_INTERRUPTIBLE));
	hf_completion_reinit(&d->done);
	hf_complete_all(&d->done);
	hf_notify_one(&d->idle);
	return hf_completion_wait_until(&d->done, HF_NO_DEADLINE, HF_KILLABLE);
}

/* --- in functions that are called with the lock held ------------------------------------------ */

static u32 under_a_lock_that_spins(struct dev *d, struct u32_vec *v) HF_REQUIRES(&d->ring);
static u32 under_a_lock_that_spins(struct dev *d, struct u32_vec *v)
{
	struct ring *r = hf_held(&d->ring);

	hf_lock_else(s, &d->state, HF_TRY, return r->free);
	if (hf_vec_reserve(v, 1, GFP_ATOMIC))
		return 0;
	{
		hf_lock(c, &d->raw);
		++*c;
	}
	return s->waiters + r->free;
}

static u32 under_a_mutex(struct dev *d, struct u32_vec *v) HF_REQUIRES(&d->state);
static u32 under_a_mutex(struct dev *d, struct u32_vec *v)
{
	struct state *s = hf_held(&d->state);

	if (hf_vec_reserve(v, 1, GFP_KERNEL))
		return 0;
	flush(d);
	{
		hf_lock(r, &d->ring);
		s->waiters += under_a_lock_that_spins(d, v);
		while (!r->free)
			hf_wait(&d->room, r);
	}
	flush(d);
	return s->waiters;
}

int all(struct dev *d, struct dev *e, struct u32_vec *v, int n);
int all(struct dev *d, struct dev *e, struct u32_vec *v, int n)
{
	in_a_void_function(d);
	hf_try_errno(busy(d) + in_a_loop(d, n) + against_the_order(d) + by_goto(d) + first_a_try(d));
	hf_try_errno((int)(two_of_a_type(d, e) + job_by_job(d) + in_one_branch(d, n != 0)));
	hf_try_errno(left_early(d, n) + reserve(d) + each_way(d) + under_another(d) + completes(d));
	hf_lock(s, &d->state);
	return (int)under_a_mutex(d, v);
}
