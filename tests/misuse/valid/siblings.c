// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Members that borrow from other members: set anew, or to NULL, before the owner ends or grows.
#include <holdfast/holdfast.h>

struct job {
	struct hf_link link;
	u32 id, done;
};

static void job_free(struct job *j)
{
	hf_link_fini(&j->link);
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
HF_LIST_DEFINE(jobs, job_own, struct job, link);

struct engine {
	struct jobs waiting;
	struct job *running;
	struct u8_vec log;
	struct u8_slice head;
	struct job_own spare;
	struct job *lent;
};

int engine_kick(struct engine *e);
int engine_kick(struct engine *e)
{
	e->running = hf_try(jobs_front_mut(&e->waiting));
	return 0;
}

/* In either order. */
void engine_flush(struct engine *e, bool first);
void engine_flush(struct engine *e, bool first)
{
	if (first)
		e->running = NULL;
	jobs_clear(&e->waiting);
	e->running = NULL;
}

u32 engine_flushed(struct engine *e);
u32 engine_flushed(struct engine *e)
{
	engine_flush(e, e->running);
	return e->running ? e->running->done : 0;
}

/* Another list than the one that the member borrows from. */
void engine_drop_others(struct engine *e, struct jobs *others);
void engine_drop_others(struct engine *e, struct jobs *others)
{
	jobs_clear(others);
	if (e->running)
		e->running->done++;
}

/* Of another engine. */
u32 engine_steal(struct engine *e, struct engine *from);
u32 engine_steal(struct engine *e, struct engine *from)
{
	jobs_clear(&from->waiting);
	from->running = NULL;
	return e->running ? e->running->id : 0;
}

int engine_log(struct engine *e, struct u8_cslice text);
int engine_log(struct engine *e, struct u8_cslice text)
{
	hf_try_errno(hf_vec_extend(&e->log, text, GFP_KERNEL));
	e->head = hf_vec_slice(&e->log);
	return 0;
}

int engine_log_byte(struct engine *e, u8 b);
int engine_log_byte(struct engine *e, u8 b)
{
	const int err = hf_vec_push(&e->log, b, GFP_KERNEL);

	e->head = hf_vec_slice(&e->log);
	return err;
}

/* Nothing reads what is borrowed after the end. */
void engine_end(struct engine *e);
void engine_end(struct engine *e)
{
	u8_vec_drop(&e->log);
	jobs_clear(&e->waiting);
	job_own_drop(&e->spare);
}

void engine_lend(struct engine *e);
void engine_lend(struct engine *e)
{
	if (!hf_is_empty(e->spare))
		e->lent = hf_mut(e->spare);
}

struct job_own engine_give(struct engine *e);
struct job_own engine_give(struct engine *e)
{
	e->lent = NULL;
	return hf_take(e->spare);
}

/* What was taken out of locked data before its lock was given up is the caller's; what is read after is new. */
struct state {
	struct jobs todo, done;
	struct job_own one;
	struct u32_vec ids;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

u32 hw_run(u32 id);

int run_one(const struct locked_state *l);
int run_one(const struct locked_state *l)
{
	hf_lock(s, l);
	hf_let(job, j, hf_try(jobs_pop_front(&s->todo)));
	hf_let(job, one, hf_take(s->one));

	{
		hf_unlocked(s);
		hf_mut(j)->done = hw_run(hf_ref(j)->id);
		if (!hf_is_empty(one))
			hf_mut(one)->done++;
	}
	const u32 *const id = hf_try(hf_get(s->ids, 0));

	hf_mut(j)->id = *id;
	jobs_push_back(&s->done, hf_move(j));
	return 0;
}

/* A callback may change what it is lent, and keep what it copies. */
struct dev {
	struct hf_refs refs;
	u32 id;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_TIMER_DEFINE(dev_poll, timer, dev_arc, dev_tick);

struct dev_arc kept_dev(void);
void keep_dev(struct dev_arc d);

static struct hf_timer_next dev_tick(const struct dev *d)
{
	const struct dev *const again = d;

	keep_dev(hf_arc_from(dev, again));
	return hf_timer_stop();
}

/* A macro that makes a variable calls a function for its value, which is no callback. */
struct tally {
	u32 done;
};

struct request {
	struct tally *ctx;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct request_own_result request_new(struct tally *tally);
struct request_own_result request_new(struct tally *tally)
{
	hf_let(request, r, hf_try_in(request_own, hf_new(request, GFP_KERNEL)));

	hf_mut(r)->ctx = tally;
	return hf_ok(request_own, hf_move(r));
}

int request_send(struct tally *tally);
int request_send(struct tally *tally)
{
	hf_let(request, r, hf_try(request_new(tally)));

	return (int)hf_ref(r)->ctx->done;
}
