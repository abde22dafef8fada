// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* See stress.h: processes and their steps. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stress_model.h"

#define TEXT(id, text)	[STRESS_##id] = text,
const char *const stress_count_names[STRESS_COUNT] = { STRESS_COUNTS(TEXT) };
const char *const stress_wrong_names[STRESS_WRONG] = { STRESS_WRONGS(TEXT) };

const struct stress_kind_of_watch stress_kinds[STRESS_KINDS] = {
	[STRESS_DEATH] = {
		"of a death", BC_REQUEST_DEATH_NOTIFICATION, BC_CLEAR_DEATH_NOTIFICATION, BC_DEAD_BINDER_DONE, 0xdea00,
	},
	[STRESS_FREEZE] = { "of a freeze", ASK_FREEZE, CLEAR_FREEZE, KNOW_FREEZE, 0xf2000 },
};

/* ---- Choices ---- */

uint32_t choose_any(struct choices *c, unsigned int bytes)
{
	uint64_t x;

	if (!c->bytes) {
		x = c->random += 0x9e3779b97f4a7c15u;
		x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
		x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
		return (uint32_t)(x >> 32);
	}
	for (x = 0; bytes && c->left; bytes--, c->left--)
		x = x << 8 | *c->bytes++;
	return (uint32_t)x;
}

uint32_t choose(struct choices *c, uint32_t n)
{
	return choose_any(c, n <= 256 ? 1 : 2) % n;
}

/* ---- Steps ---- */

bool stress_awaits_answer(const struct stress_thread *t)
{
	return !t->untidy && t->depth && t->stack[t->depth - 1].own;
}

/* Freeze the process in a place, or thaw it. */
static void freeze(struct stress_thread *t, uint32_t place, bool freezes, uint32_t timeout_ms)
{
	struct stress_world *const w = t->process->world;
	struct binder_freeze_info info = {
		.pid = __atomic_load_n(&w->pids[place], __ATOMIC_RELAXED), .enable = freezes, .timeout_ms = timeout_ms,
	};
	int err;

	__atomic_fetch_add(&w->changes[place], 1, __ATOMIC_RELAXED);
	err = stress_ioctl(t, BINDER_FREEZE, &info);
	__atomic_fetch_add(&w->changed[place], 1, __ATOMIC_RELEASE);
	/* One that fails may have thawed it, without a word. */
	if (!w->exact || (err == EAGAIN && state_of(w, place) == STRESS_IS_FROZEN))
		set_state(w, place, STRESS_IS_UNKNOWN);
	else if (!err)
		set_state(w, place, freezes ? STRESS_IS_FROZEN : STRESS_IS_THAWED);
}

/* For the process: whether this thread waits, or somebody waits for it. */
static void tell_busy(struct stress_thread *t)
{
	const bool busy = !t->untidy && (t->depth || t->sent);

	t->process->busy += (int)busy - (int)t->is_busy;
	t->is_busy = busy;
	pthread_cond_broadcast(&t->process->changed);
}

/*
 * Write and read.  @holds: the lock, from which on nobody else may change what the commands depend on; then it does
 * not wait.  Gives whether anything was done.
 */
static bool exchange(struct stress_thread *t, bool holds, size_t room, size_t read_from, void *to)
{
	struct stress_process *const p = t->process;
	struct binder_write_read b = {
		.write_size = t->size,
		.write_buffer = (uintptr_t)t->commands,
		.read_size = room,
		.read_consumed = read_from,
		.read_buffer = (uintptr_t)to,
	};
	int err;

	if (!holds)
		pthread_mutex_unlock(&p->lock);
	err = stress_ioctl(t, BINDER_WRITE_READ, &b);
	if (!holds)
		pthread_mutex_lock(&p->lock);
	written(t, b.write_consumed, err == EINVAL);
	if (to != t->told && room) {
		/* What it was told is lost. */
		p->lossy = p->unsure_nodes = true;
		t->untidy = true;
	} else if (b.read_consumed > read_from) {
		read_returns(t, read_from, b.read_consumed);
	}
	if (err && err != EAGAIN && err != EINTR && err != EFAULT && err != EINVAL && err != ENOMEM)
		wrong(p->world, STRESS_UNKNOWN_ERROR, strerror(err));
	tell_busy(t);
	return b.write_consumed || b.read_consumed > read_from + sizeof(uint32_t) || (err && err != EAGAIN);
}

/* The thread is new for the driver. */
void stress_thread_end(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	int32_t zero = 0;

	stress_ioctl(t, BINDER_THREAD_EXIT, &zero);
	/* Who called it is told, and nobody else. */
	t->depth = t->sent = 0;
	t->untidy = false;
	p->unsure_nodes = true;
	not_asked(t);
	for (size_t i = 0; i < STRESS_WATCHES; i++) {
		struct stress_watch *const d = &p->watches[STRESS_DEATH][i];

		d->forgotten |= d->used && (p->blocks || d->clearing);
	}
	tell_busy(t);
}

/* Another system call. */
static void control(struct stress_thread *t)
{
	static const struct { unsigned int command; uint32_t values, unit; } simple[] = {
		{ BINDER_VERSION, 1, 0 }, { BINDER_SET_MAX_THREADS, 4, 1 }, { BINDER_GET_NODE_DEBUG_INFO, STRESS_NODES, 1 << 12 },
		{ BINDER_GET_NODE_INFO_FOR_REF, 8, 1 }, { GET_EXTENDED_ERROR, 1, 0 },
		{ BINDER_ENABLE_ONEWAY_SPAM_DETECTION, 2, 1 },
	};
	/* The driver has one manager already, where a manager asks. */
	static const unsigned int refused[] = { BINDER_SET_IDLE_TIMEOUT, BINDER_SET_IDLE_PRIORITY, BINDER_SET_CONTEXT_MGR };
	struct stress_world *const w = t->process->world;
	const uint32_t what = choose(t->choices, 16);
	uint32_t argument[16] = { 0 }, place;	/* all begin with the number that they are about */

	switch (what) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
		argument[0] = simple[what].unit * choose(t->choices, simple[what].values);
		stress_ioctl(t, simple[what].command, argument);
		break;
	default:
		place = choose(t->choices, w->places);
		freeze(t, place, !is_stopped(w) && one_in(t, 3), w->exact ? 0 : choose(t->choices, 2));
		break;
	case 6:
		argument[0] = __atomic_load_n(&w->pids[choose(t->choices, w->places)], __ATOMIC_RELAXED);
		stress_ioctl(t, BINDER_GET_FROZEN_INFO, argument);
		break;
	case 7:
		if (hostile(t, 4))
			stress_thread_end(t);
		break;
	case 8:
		if (hostile(t, 2))
			stress_ioctl(t, choose_any(t->choices, 2), one_in(t, 2) ? NOWHERE : argument);
		else
			stress_ioctl(t, refused[choose(t->choices, t->process->manages ? 3 : 2)], argument);
	}
}

/* Write what there is; or read, also if the driver takes nothing, as it does before an error is read. */
static bool write_or_read(struct stress_thread *t)
{
	const bool exact = t->process->world->exact, writes = t->size && !exact;

	if (writes && exchange(t, true, 0, 0, t->told))
		return true;
	if (writes)
		begin_commands(t);
	return exchange(t, exact, sizeof(t->told), 0, t->told);
}

void stress_step(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	bool holds = w->exact, idle;
	size_t room = sizeof(t->told), from = 0;
	void *to = t->told;

	if (is_stopped(w)) {
		if (!stress_settle(t, false))
			stress_wait(t);
		return;
	}
	pthread_mutex_lock(&p->lock);
	begin_commands(t);
	if (t->untidy && one_in(t, 8))
		stress_thread_end(t);
	if (one_in(t, 16)) {
		control(t);
		pthread_mutex_unlock(&p->lock);
		return;
	}
	if (t->acks > STRESS_ACKS / 4 || !one_in(t, 4))
		put_acks(t);
	for (uint32_t n = choose(t->choices, 4); n && has_room(t); n--)
		put_some_command(t);
	/* A little later at the latest. */
	if (p->buffers[STRESS_BUFFERS / 4].address)
		put_free(t, STRESS_BUFFERS / 4);
	if (t->size && !w->exact)
		holds = true;
	else if (has_room(t) && !one_in(t, 3))
		holds |= !put_some_transaction(t);
	/* A read may wait for ever, unless it is for an answer; or nobody else has to be answered or called. */
	if (holds && !w->exact)
		room = 0;
	else if (p->blocks && !t->size && !stress_awaits_answer(t) &&
		 (t->untidy || t->depth || (t->calls && !one_in(t, 32))))
		room = 0;
	else if (hostile(t, 16))
		room = choose(t->choices, 128);
	else if (hostile(t, 32))
		from = 4 * choose(t->choices, 3);
	else if (hostile(t, 256) && one_in(t, 8))
		to = NOWHERE;
	if (holds && t->size && !w->exact)
		idle = !write_or_read(t);
	else
		idle = !exchange(t, holds, room, from, to);
	pthread_mutex_unlock(&p->lock);
	if (idle && room && !w->exact)
		stress_wait(t);
}

static void release_all(struct stress_thread *t)
{
	struct stress_process *const p = t->process;

	for (size_t i = 0; i < STRESS_HANDLES && has_room(t); i++) {
		const struct stress_handle *const h = &p->handles[i];

		if (!h->used)
			continue;
		if (h->watch[STRESS_DEATH] && !p->watches[STRESS_DEATH][h->watch[STRESS_DEATH] - 1].told)
			put_watch(t, STRESS_DEATH, false, h->number, h->watch[STRESS_DEATH] - 1);
		if (h->watch[STRESS_FREEZE])
			put_watch(t, STRESS_FREEZE, false, h->number, h->watch[STRESS_FREEZE] - 1);
		for (int32_t k = 0; k < h->strong && has_room(t); k++)
			put_count(t, BC_RELEASE, h->number);
		for (int32_t k = 0; k < h->weak && has_room(t); k++)
			put_count(t, BC_DECREFS, h->number);
	}
}

bool stress_settle(struct stress_thread *t, bool all)
{
	struct stress_process *const p = t->process;
	/* Those who wait for it are told. */
	const bool ends = t->untidy;
	bool done;

	pthread_mutex_lock(&p->lock);
	if (ends)
		stress_thread_end(t);
	begin_commands(t);
	put_acks(t);
	for (uint32_t i = 0; i < STRESS_BUFFERS && has_room(t); i++)
		if (p->buffers[i].address)
			put_free(t, i);
	if (all)
		release_all(t);
	if (has_room(t) && may_answer(t) && !t->sent)
		put_transaction(t, STRESS_REPLY, 0, t->stack[t->depth - 1].serial);
	done = write_or_read(t);
	pthread_mutex_unlock(&p->lock);
	return done || ends;
}

/* ---- Processes ---- */

int stress_begin(struct stress_world *w, struct stress_process *p, struct choices *c, uint32_t place)
{
	const bool manages = !place;
	static const size_t sizes[] = { 4096, 65536, 65536, 1 << 20 };
	const size_t size = sizes[choose(c, 4)];
	struct stress_thread t = { .process = p };
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	int err;

	p->world = w;
	p->manages = manages;
	p->place = place;
	p->life = __atomic_add_fetch(&w->life, 1, __ATOMIC_RELAXED);
	w->place[p->life % STRESS_LIVES] = (uint8_t)place;
	set_state(w, place, w->exact ? STRESS_IS_THAWED : STRESS_IS_UNKNOWN);
	__atomic_store_n(&w->dead[p->life % STRESS_LIVES], 0, __ATOMIC_RELAXED);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	err = stress_open(p);
	/* Some have no memory. */
	if (!err && (manages || !w->hostile || choose(c, 16)))
		err = stress_map(p, size);
	if (err)
		return err;
	t.tid = p->pid;
	return manages ? stress_ioctl(&t, BINDER_SET_CONTEXT_MGR_EXT, &o) : 0;
}

void stress_thaw(struct stress_process *p)
{
	struct stress_thread t = { .process = p, .tid = p->pid };

	freeze(&t, p->place, false, 0);
	set_state(p->world, p->place, STRESS_IS_THAWED);
}

void stress_look_up_nodes(struct stress_process *p)
{
	struct stress_thread t = { .process = p, .tid = p->pid };
	struct binder_node_debug_info info = { .ptr = 0 };

	for (size_t i = 1; i < STRESS_NODES; i++)
		p->nodes[i].strong = p->nodes[i].weak = false;
	while (!stress_ioctl(&t, BINDER_GET_NODE_DEBUG_INFO, &info) && info.ptr) {
		const uint64_t i = info.ptr >> 12;

		if (i >= STRESS_NODES || info.ptr & 0xfff)
			continue;
		p->nodes[i].strong = info.has_strong_ref;
		p->nodes[i].weak = info.has_weak_ref;
	}
}

void stress_thread_begin(struct stress_process *p, struct stress_thread *t, struct choices *c, uint32_t tid, bool calls)
{
	*t = (struct stress_thread){ .process = p, .choices = c, .tid = tid, .calls = calls };
	put_enter(t);
	pthread_mutex_lock(&p->lock);
	exchange(t, true, 0, 0, t->told);
	pthread_mutex_unlock(&p->lock);
}

static bool is_death_due(const struct stress_process *p, const struct stress_watch *d)
{
	return !d->told && is_dead(p->world, d->life);
}

/* What is so must have been told last, once it is known. */
static bool is_freeze_due(const struct stress_process *p, const struct stress_watch *d)
{
	const enum stress_state state = state_of(p->world, place_of(p->world, d->life));

	return d->life && !is_dead(p->world, d->life) && state != STRESS_IS_UNKNOWN && (!d->times || d->frozen != state);
}

/* What has not come of a watch; STRESS_WRONG: all that must. */
static enum stress_wrong missing(const struct stress_process *p, enum stress_kind kind, const struct stress_watch *d)
{
	if (!d->used || d->forgotten)
		return STRESS_WRONG;
	if (d->cleared)
		return STRESS_NEVER_CLEARED;
	return (kind == STRESS_DEATH ? is_death_due : is_freeze_due)(p, d) ? STRESS_NEVER_TOLD : STRESS_WRONG;
}

bool stress_waits(const struct stress_process *p)
{
	bool waits = p->busy;

	for (enum stress_kind k = 0; k < STRESS_KINDS; k++)
		for (size_t i = 0; i < STRESS_WATCHES; i++)
			waits |= missing(p, k, &p->watches[k][i]) != STRESS_WRONG;
	return waits && !p->lossy;
}

void stress_judge(struct stress_process *p, struct stress_thread *threads, unsigned int n, bool counts)
{
	struct stress_world *const w = p->world;

	if (p->lossy)
		return;
	for (unsigned int i = 0; i < n; i++)
		if (!threads[i].untidy && (threads[i].sent || stress_awaits_answer(&threads[i])))
			wrong(w, STRESS_NEVER_ANSWERED, threads[i].sent ? "not confirmed" : "");
	for (enum stress_kind k = 0; k < STRESS_KINDS; k++)
		for (size_t i = 0; i < STRESS_WATCHES; i++) {
			const enum stress_wrong what = missing(p, k, &p->watches[k][i]);

			if (what != STRESS_WRONG)
				wrong(w, what, stress_kinds[k].name);
		}
	/* The manager's is there from the start. */
	for (size_t i = 1; i < STRESS_NODES; i++)
		if (counts && !p->unsure_nodes && (p->nodes[i].strong || p->nodes[i].weak))
			wrong(w, STRESS_COUNTS_LEFT, p->nodes[i].strong ? "strong" : "weak");
}
