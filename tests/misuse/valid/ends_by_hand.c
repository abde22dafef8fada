// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Locks that are held by hand and given back, initialisers that fail with nothing left, threads that end.
#include <holdfast/holdfast.h>

struct part {
	u32 size;
};

void part_free(struct part *p);
HF_OWN_DEFINE(part, struct part, part_free);

struct state {
	u32 open;
};

HF_LOCKED_DEFINE(locked, mutex, struct state);
HF_CONDVAR_DEFINE(locked);

struct table {
	pthread_mutex_t lock;
	pthread_spinlock_t fast;
	u32 used;
};

struct unit {
	struct part_own first, second;
	struct u8_vec bytes;
	struct unit *next;
	struct locked state;
};

int ask(u32 n);
void give_back(struct table *t);

/* The lock stays held where it worked: the caller gives it up. */
int table_hold(struct table *t, u32 n);
int table_hold(struct table *t, u32 n)
{
	pthread_mutex_lock(&t->lock);
	if (t->used >= n) {
		pthread_mutex_unlock(&t->lock);
		return -ENOSPC;
	}
	t->used++;
	return 0;
}

static void table_release(void *table)
{
	struct table *t = table;

	pthread_mutex_unlock(&t->lock);
}

/* A helper gives it up, an error of the lock took none, and a deferred call gives it up. */
int table_use(struct table *t, u32 n);
int table_use(struct table *t, u32 n)
{
	pthread_mutex_lock(&t->lock);
	if (t->used > n) {
		table_release(t);
		return -EBUSY;
	}
	pthread_mutex_unlock(&t->lock);
	if (pthread_spin_lock(&t->fast))
		return -EDEADLK;
	pthread_spin_unlock(&t->fast);
	pthread_mutex_lock(&t->lock);
	hf_defer(unlock, table_release, t);
	if (t->used > n + 1)
		return -EBUSY;
	return 0;
}

/* What failed first left nothing behind; what was there is dropped, or moved away. */
static int unit_init(struct unit *u, u32 size)
{
	hf_try_errno(hf_set_ok(u->first, hf_new(part, GFP_KERNEL)));
	int err = hf_vec_resize(&u->bytes, size, GFP_KERNEL);

	if (err) {
		part_own_drop(&u->first);
		return err;
	}
	if (ask(size)) {
		hf_let(part, p, hf_take(u->first));

		u8_vec_drop(&u->bytes);
		return -EIO;
	}
	hf_lock_init(&u->state);
	return 0;
}

/* The lock is another object's. */
static void unit_free(struct unit *u)
{
	{
		hf_lock(s, &u->state);
		s->open = 0;
	}
	hf_lock(s, &u->next->state);
	s->open--;
	part_own_drop(&u->first);
	part_own_drop(&u->second);
	u8_vec_drop(&u->bytes);
	hf_lock_fini(&u->state);
	hf_free(u);
}

HF_OWN_DEFINE(unit, struct unit, unit_free);

struct unit_own_result unit_new(u32 size);
struct unit_own_result unit_new(u32 size)
{
	return hf_new_with(unit, GFP_KERNEL, unit_init, size);
}

struct worker {
	struct hf_refs refs;
	struct locked state;
	struct locked_condvar changed;
};

void worker_destroy(struct worker *w);
void worker_release(struct worker *w);
HF_ARC_DEFINE(worker, struct worker, refs, worker_destroy, worker_release);
HF_THREAD_DEFINE(asking, worker_arc, asking_run);
HF_THREAD_DEFINE(leaving, worker_arc, leaving_run);

static bool is_over(void)
{
	return hf_thread_should_stop();
}

/* A helper asks. */
static int asking_run(const struct worker *w)
{
	hf_lock(s, &w->state);
	for (;;) {
		if (is_over())
			return 0;
		s->open++;
		hf_wait(&w->changed, s);
	}
}

/* An interrupted wait ends it. */
static int leaving_run(const struct worker *w)
{
	hf_lock(s, &w->state);
	for (;;) {
		hf_try_errno(hf_wait_interruptible(&w->changed, s));
		s->open++;
	}
}

struct asking_own_result asking_start(struct worker *w);
struct asking_own_result asking_start(struct worker *w)
{
	hf_lock_init(&w->state);
	hf_cond_init(&w->changed);
	return hf_thread_spawn(asking, "asking", hf_arc_from(worker, w), GFP_KERNEL);
}

struct leaving_own_result leaving_start(const struct worker *w);
struct leaving_own_result leaving_start(const struct worker *w)
{
	return hf_thread_spawn(leaving, "leaving", hf_arc_from(worker, w), GFP_KERNEL);
}
