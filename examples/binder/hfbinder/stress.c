// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* See stress.h: the model, what is written, what is read, and a step. */
#include "stress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/android/binder.h>

/* What older headers lack. */
#ifndef BR_ONEWAY_SPAM_SUSPECT
#define BR_ONEWAY_SPAM_SUSPECT	_IO('r', 19)
#endif
#define PENDING_FROZEN		_IO('r', 20)
#define FROZEN_BINDER		_IOR('r', 21, uint64_t[2])
#define FREEZE_CLEARED		_IOR('r', 22, uint64_t)
#define ASK_FREEZE		_IOW('c', 19, struct binder_handle_cookie)
#define CLEAR_FREEZE		_IOW('c', 20, struct binder_handle_cookie)
#define KNOW_FREEZE		_IOW('c', 21, uint64_t)
#define GET_EXTENDED_ERROR	_IOWR('b', 17, uint32_t[3])
#define UPDATE_TXN		0x40

#define TEXT(id, text)	[STRESS_##id] = text,
const char *const stress_count_names[STRESS_COUNT] = { STRESS_COUNTS(TEXT) };
const char *const stress_wrong_names[STRESS_WRONG] = { STRESS_WRONGS(TEXT) };

#define DEATH_COOKIE	0xdea00u
#define FREEZE_COOKIE	0xf2000u
#define MAGIC		0x57e55u
#define NOWHERE		((void *)16)
#define SEEN		1u

/* How the data of a transaction begins. */
struct message {
	uint32_t magic, serial, pid, objects_end;
	uint32_t life[4];		/* of the processes whose nodes its objects are */
};

/* ---- Choices ---- */

static uint32_t next(struct choices *c, unsigned int bytes)
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
	return next(c, n <= 256 ? 1 : 2) % n;
}

static bool one_in(struct stress_thread *t, uint32_t n)
{
	return choose(t->choices, n) == n - 1;
}

static bool hostile(struct stress_thread *t, uint32_t n)
{
	return t->process->world->hostile && one_in(t, n);
}

/* ---- The world ---- */

static void count(struct stress_world *w, enum stress_count what)
{
	__atomic_fetch_add(&w->counts[what], 1, __ATOMIC_RELAXED);
}

static void wrong(struct stress_world *w, enum stress_wrong what, const char *text)
{
	__atomic_fetch_add(&w->wrong[what], 1, __ATOMIC_RELAXED);
	stress_report(what, text);
}

static bool is_dead(const struct stress_world *w, uint32_t life)
{
	return life && __atomic_load_n(&w->dead[life % STRESS_LIVES], __ATOMIC_ACQUIRE);
}

static bool is_stopped(const struct stress_world *w)
{
	return __atomic_load_n(&w->stopped, __ATOMIC_ACQUIRE);
}

/* ---- Handles ---- */

static struct stress_handle *find_handle(struct stress_process *p, uint32_t number)
{
	for (size_t i = 0; i < STRESS_HANDLES; i++)
		if (p->handles[i].used && p->handles[i].number == number)
			return &p->handles[i];
	return NULL;
}

/* That of a number, a new one if it must be. */
static struct stress_handle *handle_of(struct stress_process *p, uint32_t number)
{
	struct stress_handle *h = find_handle(p, number);

	for (size_t i = 0; !h && i < STRESS_HANDLES; i++) {
		if (p->handles[i].used)
			continue;
		h = &p->handles[i];
		*h = (struct stress_handle){ .used = true, .number = number };
	}
	if (!h)
		p->lossy = true;
	return h;
}

static bool is_counted(const struct stress_handle *h)
{
	return h->strong > 0 || h->weak > 0 || h->held_strong > 0 || h->held_weak > 0;
}

static bool is_strong(const struct stress_handle *h)
{
	return h->strong > 0 || h->held_strong > 0;
}

/*
 * The reference may be gone.  It is not if something that is on its way here refers to it: then it still has the death
 * that it was asked for.
 */
static void forget_uncounted(struct stress_process *p, struct stress_handle *h)
{
	if (is_counted(h))
		return;
	if (h->death) {
		p->deaths[h->death - 1].forgotten = true;
		h->unsure = true;
		h->death = 0;
	}
	if (!h->unsure)
		h->used = false;
}

/* One that is certainly there; NULL if there is none. */
static struct stress_handle *some_handle(struct stress_thread *t, bool strong)
{
	struct stress_process *const p = t->process;
	const uint32_t from = choose(t->choices, STRESS_HANDLES);
	const bool any = hostile(t, 8);

	for (uint32_t i = 0; i < STRESS_HANDLES; i++) {
		struct stress_handle *const h = &p->handles[(from + i) % STRESS_HANDLES];

		if (h->used && (any || !h->unsure) && (strong ? is_strong(h) : is_counted(h)))
			return h;
	}
	return NULL;
}

/* ---- What a thread writes ---- */

static void put(struct stress_thread *t, const void *bytes, size_t n)
{
	memcpy(t->commands + t->size, bytes, n);
	t->size += n;
}

static void put32(struct stress_thread *t, uint32_t value)
{
	put(t, &value, sizeof(value));
}

static void put64(struct stress_thread *t, uint64_t value)
{
	put(t, &value, sizeof(value));
}

/* What it means, once the driver has read as far as here. */
static void means(struct stress_thread *t, enum effect kind, uint32_t number, uint32_t serial)
{
	t->effect[t->effects].end = t->size;
	t->effect[t->effects].kind = kind;
	t->effect[t->effects].number = number;
	t->effect[t->effects++].serial = serial;
}

static bool has_room(const struct stress_thread *t)
{
	return t->size + 128 < sizeof(t->commands) && t->effects < sizeof(t->effect) / sizeof(t->effect[0]);
}

static void put_count(struct stress_thread *t, uint32_t command, enum effect kind, uint32_t number)
{
	put32(t, command);
	put32(t, number);
	means(t, kind, number, 0);
}

static void put_handle_cookie(struct stress_thread *t, uint32_t command, uint32_t number, uint64_t cookie)
{
	put32(t, command);
	put32(t, number);
	put64(t, cookie);
}

static void put_free(struct stress_thread *t, uint32_t index)
{
	put32(t, BC_FREE_BUFFER);
	put64(t, t->process->buffers[index].address);
	means(t, EFFECT_FREE, index, 0);
}

static void put_acks(struct stress_thread *t)
{
	for (unsigned int i = 0; i < t->acks && has_room(t); i++) {
		put32(t, t->ack[i].command);
		put64(t, t->ack[i].value[0]);
		if (t->ack[i].command == BC_INCREFS_DONE || t->ack[i].command == BC_ACQUIRE_DONE)
			put64(t, t->ack[i].value[1]);
		means(t, EFFECT_ACK, 0, 0);
	}
}

static void *room(struct stress_thread *t, size_t n)
{
	void *const p = t->data + t->used;

	t->used += (n + 7) & ~(size_t)7;
	return memset(p, 0, n);
}

/* A transaction that is written, with its parts. */
struct draft {
	struct binder_transaction_data_sg d;
	struct message *message;
	uint8_t *data;
	uint64_t *offsets;
	size_t size, count;
	uint64_t buffer;		/* 1 + the index of the last object that has bytes */
};

static void *add(struct draft *m, size_t n, uint32_t life)
{
	void *const object = m->data + m->size;

	if (m->count < sizeof(m->message->life) / sizeof(m->message->life[0]))
		m->message->life[m->count] = life;
	m->offsets[m->count++] = m->size;
	m->size += n;
	return object;
}

static void add_flat(struct draft *m, uint32_t type, uint32_t flags, uint64_t value, uint64_t cookie, uint32_t life)
{
	const struct flat_binder_object o = { .hdr.type = type, .flags = flags, .binder = value, .cookie = cookie };

	memcpy(add(m, sizeof(o), life), &o, sizeof(o));
}

static void add_bytes(struct stress_thread *t, struct draft *m)
{
	struct binder_buffer_object o = { .hdr.type = BINDER_TYPE_PTR, .length = 8 + choose(t->choices, 57) };
	uint32_t *const bytes = room(t, 64);

	/* Descriptors, if it is the parent of such. */
	for (size_t i = 0; i < 16; i++)
		bytes[i] = 2;
	o.buffer = (uintptr_t)bytes;
	if (m->buffer && one_in(t, 2)) {
		o.flags = BINDER_BUFFER_FLAG_HAS_PARENT;
		o.parent = m->buffer - 1;
		o.parent_offset = 8 * choose(t->choices, 3);
	}
	m->d.buffers_size += (o.length + 7) & ~7ull;
	memcpy(add(m, sizeof(o), 0), &o, sizeof(o));
	m->buffer = m->count;
}

static void add_files(struct stress_thread *t, struct draft *m)
{
	const struct binder_fd_array_object o = {
		.hdr.type = BINDER_TYPE_FDA,
		.num_fds = choose(t->choices, 4),
		.parent = m->buffer - 1,
		.parent_offset = 4 * choose(t->choices, 8),
	};

	memcpy(add(m, sizeof(o), 0), &o, sizeof(o));
}

/* False: it depends on handles, so the lock is held until it is sent. */
static bool add_object(struct stress_thread *t, struct draft *m, bool sg)
{
	struct stress_process *const p = t->process;
	const uint32_t kind = choose(t->choices, sg ? 8 : 6), node = 1 + choose(t->choices, STRESS_NODES - 1);
	const bool weak = one_in(t, 4);
	const struct stress_handle *h;

	switch (kind) {
	case 0:
	case 1:
		add_flat(m, weak ? BINDER_TYPE_WEAK_BINDER : BINDER_TYPE_BINDER,
			 one_in(t, 2) ? FLAT_BINDER_FLAG_ACCEPTS_FDS : 0, node << 12, (node << 12) + 1, p->life);
		return true;
	case 2:
	case 3:
	case 4:
		h = some_handle(t, !weak);
		if (h)
			add_flat(m, weak ? BINDER_TYPE_WEAK_HANDLE : BINDER_TYPE_HANDLE, 0, h->number, 0,
				 h->unsure ? 0 : h->life);
		return !h;
	case 5:
		add_flat(m, BINDER_TYPE_FD, 0, hostile(t, 8) ? 1000000 : 2, choose(t->choices, 256), 0);
		return true;
	case 6:
		add_bytes(t, m);
		return true;
	default:
		if (m->buffer)
			add_files(t, m);
		return true;
	}
}

/* One thing in it is not as it should be. */
static void spoil(struct stress_thread *t, struct draft *m)
{
	const uint32_t value = next(t->choices, 2);

	m->message->magic = 0;
	switch (choose(t->choices, 8)) {
	case 0:
		if (m->count)
			m->offsets[choose(t->choices, (uint32_t)m->count)] = value;
		break;
	case 1:
		m->d.transaction_data.data_size = value;
		break;
	case 2:
		m->d.transaction_data.offsets_size = value % 96;
		break;
	case 3:
		m->d.transaction_data.data.ptr.buffer = (uintptr_t)NOWHERE;
		break;
	case 4:
		m->d.transaction_data.data.ptr.offsets = (uintptr_t)NOWHERE;
		break;
	case 5:
		m->d.buffers_size = value;
		break;
	case 6:
		m->d.transaction_data.data_size = ~0ull - value;
		break;
	default:
		if (m->size > sizeof(struct message))
			memcpy(m->data + sizeof(struct message) +
			       4 * choose(t->choices, (uint32_t)(m->size - sizeof(struct message)) / 4), &value, 4);
	}
}

/* False as add_object(). */
static bool put_transaction(struct stress_thread *t, enum effect kind, uint32_t handle, uint32_t serial)
{
	struct stress_process *const p = t->process;
	struct draft m = { .data = room(t, 512), .offsets = room(t, 128) };
	const bool sg = one_in(t, 3), one_way = kind == EFFECT_ONEWAY;
	const uint32_t command = kind == EFFECT_REPLY ? (sg ? BC_REPLY_SG : BC_REPLY) :
							(sg ? BC_TRANSACTION_SG : BC_TRANSACTION);
	struct binder_transaction_data *const d = &m.d.transaction_data;
	size_t rest = choose(t->choices, 64);
	bool free = true;

	m.message = (struct message *)m.data;
	m.size = sizeof(*m.message);
	for (uint32_t n = choose(t->choices, 4); n; n--)
		free &= add_object(t, &m, sg);
	if (!m.count && one_in(t, 8))
		rest = 200 + choose(t->choices, 100);
	*m.message = (struct message){
		.magic = MAGIC, .serial = serial, .pid = p->pid, .objects_end = (uint32_t)m.size,
		.life = { m.message->life[0], m.message->life[1], m.message->life[2], m.message->life[3] },
	};
	memset(m.data + m.size, (uint8_t)serial, rest);
	d->target.handle = handle;
	d->code = serial;
	d->flags = (one_way ? TF_ONE_WAY : 0) | (one_in(t, 2) ? TF_ACCEPT_FDS : 0) | (one_in(t, 8) ? TF_CLEAR_BUF : 0) |
		   (one_way && one_in(t, 8) ? UPDATE_TXN : 0);
	d->data_size = m.size + rest;
	d->offsets_size = m.count * 8;
	d->data.ptr.buffer = (uintptr_t)m.data;
	d->data.ptr.offsets = (uintptr_t)m.offsets;
	if (hostile(t, 8))
		spoil(t, &m);
	put32(t, command);
	put(t, &m.d, sg ? sizeof(m.d) : sizeof(*d));
	means(t, kind, handle, serial);
	return free;
}

static uint32_t new_serial(struct stress_world *w)
{
	const uint32_t serial = __atomic_add_fetch(&w->serial, 1, __ATOMIC_RELAXED);

	__atomic_store_n(&w->seen[serial % STRESS_SERIALS], 0, __ATOMIC_RELAXED);
	return serial;
}

bool stress_awaits_answer(const struct stress_thread *t)
{
	return !t->untidy && t->depth && t->stack[t->depth - 1].own;
}

static bool may_answer(const struct stress_thread *t)
{
	return t->depth && !t->stack[t->depth - 1].own;
}

/* A call, an answer, or a one-way call.  False as add_object(). */
static bool put_some_transaction(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	const struct stress_handle *const h = one_in(t, 4) ? NULL : some_handle(t, true);
	const uint32_t handle = hostile(t, 32) ? choose(t->choices, 60) : h ? h->number : 0;
	bool free;

	if (hostile(t, 64)) {
		t->untidy = true;
		/* An answer to whatever the driver knows of. */
		if (one_in(t, 2) || !t->calls)
			return put_transaction(t, EFFECT_REPLY, 0, 0);
		return put_transaction(t, EFFECT_CALL, handle, new_serial(w));
	}
	if (t->sent > 4 || t->untidy)
		return true;
	if (may_answer(t) && one_in(t, 2)) {
		free = put_transaction(t, EFFECT_REPLY, 0, t->stack[t->depth - 1].serial);
		/* It may call at once, too; but what is behind it is not known until it is done. */
		return free;
	}
	if (stress_awaits_answer(t) || is_stopped(w))
		return true;
	if (!handle && p->manages)
		return true;
	if (one_in(t, 8))
		return put_transaction(t, EFFECT_ONEWAY, handle, new_serial(w));
	return !t->calls || t->depth >= STRESS_STACK / 2 || put_transaction(t, EFFECT_CALL, handle, new_serial(w));
}

static void put_ask(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	const struct stress_handle *const h = some_handle(t, false);
	const uint32_t number = hostile(t, 16) || !h ? choose(t->choices, 20) : h->number;
	uint32_t i;

	for (i = 0; i < STRESS_DEATHS && p->deaths[i].used; i++)
		;
	if (i == STRESS_DEATHS)
		return;
	put_handle_cookie(t, BC_REQUEST_DEATH_NOTIFICATION, number, DEATH_COOKIE + i);
	/* Not twice, before it is known. */
	p->deaths[i] = (struct stress_death){ .used = true, .forgotten = true };
	means(t, EFFECT_ASK, number, i);
}

static void put_clear(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	const uint32_t from = choose(t->choices, STRESS_HANDLES);

	for (uint32_t i = 0; i < STRESS_HANDLES; i++) {
		const struct stress_handle *const h = &p->handles[(from + i) % STRESS_HANDLES];

		if (!h->used || !h->death)
			continue;
		put_handle_cookie(t, BC_CLEAR_DEATH_NOTIFICATION, h->number, DEATH_COOKIE + h->death - 1);
		means(t, EFFECT_CLEAR, h->number, h->death - 1);
		return;
	}
}

static void put_looper(struct stress_thread *t)
{
	static const uint32_t commands[] = { BC_ENTER_LOOPER, BC_REGISTER_LOOPER, BC_EXIT_LOOPER };

	put32(t, commands[choose(t->choices, 3)]);
}

/* What no process should write. */
static void put_nonsense(struct stress_thread *t)
{
	const uint32_t any = next(t->choices, 2);

	switch (choose(t->choices, 6)) {
	case 0:
		put32(t, any);
		break;
	case 1:
		put32(t, BC_FREE_BUFFER);
		/* Where no buffer begins. */
		put64(t, t->process->mapping + (any | 1));
		break;
	case 2:
		put32(t, any % 2 ? BC_ACQUIRE_DONE : BC_INCREFS_DONE);
		put64(t, any & 0x3000);
		put64(t, (any & 0x3000) + (any / 2 % 2));
		t->process->unsure_nodes = true;
		break;
	case 3:
		put32(t, BC_DEAD_BINDER_DONE);
		put64(t, any);
		break;
	case 4:
		put_handle_cookie(t, BC_CLEAR_DEATH_NOTIFICATION, any % 20, any);
		break;
	default:
		put32(t, any % 2 ? BC_ATTEMPT_ACQUIRE : BC_ACQUIRE_RESULT);
		put64(t, any);
	}
}

static void put_some_command(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	const struct stress_handle *h;
	uint32_t i;

	switch (choose(t->choices, 12)) {
	case 0:
	case 1:
	case 2:
		i = choose(t->choices, STRESS_BUFFERS);
		for (uint32_t k = 0; k < STRESS_BUFFERS; k++)
			if (p->buffers[(i + k) % STRESS_BUFFERS].address) {
				put_free(t, (i + k) % STRESS_BUFFERS);
				return;
			}
		return;
	case 3:
		h = some_handle(t, true);
		put_count(t, BC_ACQUIRE, EFFECT_ACQUIRE, !h || hostile(t, 16) ? choose(t->choices, 20) : h->number);
		return;
	case 4:
		h = some_handle(t, false);
		put_count(t, BC_INCREFS, EFFECT_INCREFS, !h || hostile(t, 16) ? choose(t->choices, 20) : h->number);
		return;
	case 5:
		h = some_handle(t, true);
		if (hostile(t, 16))
			put_count(t, BC_RELEASE, EFFECT_RELEASE, choose(t->choices, 20));
		else if (h && h->strong > 0)
			put_count(t, BC_RELEASE, EFFECT_RELEASE, h->number);
		return;
	case 6:
		h = some_handle(t, false);
		if (hostile(t, 16))
			put_count(t, BC_DECREFS, EFFECT_DECREFS, choose(t->choices, 20));
		else if (h && h->weak > 0)
			put_count(t, BC_DECREFS, EFFECT_DECREFS, h->number);
		return;
	case 7:
	case 8:
		put_ask(t);
		return;
	case 9:
		put_clear(t);
		return;
	case 10:
		put_looper(t);
		return;
	default:
		if (hostile(t, 4))
			put_nonsense(t);
	}
}

/* ---- What was done of it ---- */

static void freed(struct stress_process *p, uint32_t index)
{
	struct stress_buffer *const b = &p->buffers[index];

	/* Twice in one write: the driver knows, too. */
	if (!b->address)
		return;
	b->address = 0;
	if (b->oneway >= 0)
		p->nodes[b->oneway].busy = false;
	for (unsigned int i = 0; i < b->objects; i++) {
		struct stress_handle *const h = handle_of(p, b->held[i].number);

		if (!h)
			continue;
		if (b->held[i].strong)
			h->held_strong--;
		else
			h->held_weak--;
		forget_uncounted(p, h);
	}
}

static void counted(struct stress_process *p, enum effect kind, uint32_t number)
{
	struct stress_handle *const h = handle_of(p, number);

	if (!h)
		return;
	switch (kind) {
	case EFFECT_ACQUIRE:
		h->unsure |= !is_strong(h);
		h->strong++;
		return;
	case EFFECT_INCREFS:
		h->unsure |= !is_counted(h);
		h->weak++;
		return;
	case EFFECT_RELEASE:
		h->unsure |= h->strong <= 0;
		h->strong -= h->strong > 0;
		break;
	default:
		h->unsure |= h->weak <= 0;
		h->weak -= h->weak > 0;
	}
	forget_uncounted(p, h);
}

static void asked(struct stress_process *p, uint32_t number, uint32_t index)
{
	struct stress_handle *const h = handle_of(p, number);

	count(p->world, STRESS_ASKED);
	if (!h)
		return;
	if (!is_counted(h) || h->unsure) {
		h->unsure = true;
	} else if (!h->death) {
		p->deaths[index].forgotten = false;
		p->deaths[index].life = h->life;
		h->death = index + 1;
	}
}

static void cleared(struct stress_process *p, uint32_t number, uint32_t index)
{
	struct stress_handle *const h = find_handle(p, number);

	/* A command before it may have let the handle go. */
	if (!h || h->death != index + 1)
		return;
	h->death = 0;
	p->deaths[index].cleared = true;
}

static void push(struct stress_thread *t, uint32_t serial, bool own)
{
	if (t->depth == STRESS_STACK) {
		t->untidy = true;
		return;
	}
	t->stack[t->depth].serial = serial;
	t->stack[t->depth++].own = own;
}

static void sent(struct stress_thread *t, enum effect kind, uint32_t serial)
{
	struct stress_world *const w = t->process->world;

	if (t->sent == STRESS_STACK) {
		t->untidy = true;
		return;
	}
	t->queue[t->sent].kind = kind;
	t->queue[t->sent++].serial = serial;
	if (kind == EFFECT_CALL)
		push(t, serial, true);
	else if (kind == EFFECT_REPLY && may_answer(t))
		t->depth--;
	count(w, kind == EFFECT_CALL ? STRESS_CALLS : kind == EFFECT_REPLY ? STRESS_REPLIES : STRESS_ONEWAY);
}

static void written(struct stress_thread *t, size_t consumed)
{
	struct stress_process *const p = t->process;

	for (unsigned int i = 0; i < t->effects; i++) {
		const enum effect kind = t->effect[i].kind;
		const uint32_t number = t->effect[i].number, serial = t->effect[i].serial;

		if (t->effect[i].end > consumed) {
			if (kind == EFFECT_ASK)
				p->deaths[serial].used = false;
			continue;
		}
		count(p->world, STRESS_COMMANDS);
		switch (kind) {
		case EFFECT_CALL:
		case EFFECT_ONEWAY:
		case EFFECT_REPLY:
			sent(t, kind, serial);
			break;
		case EFFECT_FREE:
			freed(p, number);
			break;
		case EFFECT_INCREFS:
		case EFFECT_ACQUIRE:
		case EFFECT_RELEASE:
		case EFFECT_DECREFS:
			counted(p, kind, number);
			break;
		case EFFECT_ASK:
			asked(p, number, serial);
			break;
		case EFFECT_CLEAR:
			cleared(p, number, serial);
			break;
		case EFFECT_ACK:
			memmove(t->ack, t->ack + 1, --t->acks * sizeof(t->ack[0]));
			break;
		case EFFECT_NONE:
			break;
		}
	}
}

/* ---- What a thread reads ---- */

static void unqueue(struct stress_thread *t)
{
	memmove(t->queue, t->queue + 1, --t->sent * sizeof(t->queue[0]));
}

/* Something that it sent was taken. */
static void confirmed(struct stress_thread *t)
{
	if (t->untidy)
		return;
	if (!t->sent) {
		wrong(t->process->world, STRESS_TWICE_ANSWERED, "confirmed, and nothing was sent");
		return;
	}
	unqueue(t);
}

/* Something that it sent failed: the first that is not confirmed, or else what it waits for. */
static void failed(struct stress_thread *t)
{
	count(t->process->world, STRESS_FAILED);
	if (t->untidy)
		return;
	if (t->sent) {
		const bool call = t->queue[0].kind == EFFECT_CALL;
		const uint32_t serial = t->queue[0].serial;

		unqueue(t);
		/* Meanwhile it may have been called: it was, when it called, and did not know it yet. */
		for (unsigned int i = t->depth; call && i-- > 0;)
			if (t->stack[i].own && t->stack[i].serial == serial) {
				memmove(&t->stack[i], &t->stack[i + 1], (--t->depth - i) * sizeof(t->stack[0]));
				return;
			}
		if (!call)
			return;
	}
	if (stress_awaits_answer(t))
		t->depth--;
	else
		wrong(t->process->world, STRESS_TWICE_ANSWERED, "a failure, and nothing was sent");
}

static void answered(struct stress_thread *t, uint32_t code)
{
	if (t->untidy)
		return;
	if (t->sent || !stress_awaits_answer(t)) {
		wrong(t->process->world, STRESS_TWICE_ANSWERED, t->sent ? "a reply before the confirmation" : "a reply to nothing");
		return;
	}
	if (t->stack[--t->depth].serial != code && code)
		wrong(t->process->world, STRESS_WRONG_REPLY, "");
}

static void ack(struct stress_thread *t, uint32_t command, uint64_t first, uint64_t second)
{
	if (t->acks == sizeof(t->ack) / sizeof(t->ack[0])) {
		t->process->lossy = true;
		return;
	}
	t->ack[t->acks].command = command;
	t->ack[t->acks].value[0] = first;
	t->ack[t->acks++].value[1] = second;
}

static void told_of_node(struct stress_thread *t, uint32_t command, uint64_t ptr, uint64_t cookie)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	const uint64_t i = ptr >> 12;
	const bool strong = command == BR_ACQUIRE || command == BR_RELEASE;
	const bool gained = command == BR_ACQUIRE || command == BR_INCREFS;
	bool *state;

	if (gained)
		ack(t, strong ? BC_ACQUIRE_DONE : BC_INCREFS_DONE, ptr, cookie);
	/* Nodes that are spoilt have any address. */
	if (i >= STRESS_NODES || (ptr & 0xfff) || cookie != (ptr ? ptr + 1 : 0))
		return;
	state = strong ? &p->nodes[i].strong : &p->nodes[i].weak;
	if (w->exact && !p->lossy && *state == gained && i)
		wrong(w, STRESS_WRONG_NODE, gained ? "told twice of references" : "told twice of no references");
	*state = gained;
}

static void told_of_death(struct stress_thread *t, uint64_t cookie)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	struct stress_death *const d = &p->deaths[cookie - DEATH_COOKIE];

	count(w, STRESS_TOLD);
	ack(t, BC_DEAD_BINDER_DONE, cookie, 0);
	if (cookie - DEATH_COOKIE >= STRESS_DEATHS || !d->used) {
		wrong(w, STRESS_UNASKED, "");
		return;
	}
	if (d->told)
		wrong(w, STRESS_TWICE_TOLD, "");
	if (w->exact && d->life && !d->forgotten && !is_dead(w, d->life))
		wrong(w, STRESS_UNASKED, "the process is alive");
	d->told = true;
}

static void told_of_clearance(struct stress_thread *t, uint64_t cookie)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	struct stress_death *const d = &p->deaths[cookie - DEATH_COOKIE];

	count(w, STRESS_CLEARED);
	if (cookie - DEATH_COOKIE >= STRESS_DEATHS || !d->used || (!d->cleared && !d->forgotten)) {
		wrong(w, STRESS_UNASKED, "a clearance");
		return;
	}
	if (!d->forgotten)
		d->used = false;
}

static void got_file(struct stress_process *p, uint32_t fd)
{
	count(p->world, STRESS_FILES);
	if (close((int)fd))
		wrong(p->world, STRESS_WRONG_DATA, "a descriptor that is not open");
}

static void got_handle(struct stress_process *p, struct stress_buffer *b, uint32_t number, bool strong, uint32_t life)
{
	struct stress_handle *const h = handle_of(p, number);

	if (!h || !b || b->objects == STRESS_OBJECTS) {
		p->lossy = true;
		return;
	}
	if (!is_counted(h) || !h->life)
		h->life = life;
	if (strong)
		h->held_strong++;
	else
		h->held_weak++;
	b->held[b->objects].number = number;
	b->held[b->objects++].strong = strong;
}

static void got_objects(struct stress_process *p, struct stress_buffer *b, const struct binder_transaction_data *d,
			const struct message *m)
{
	const uint8_t *const data = (const uint8_t *)(uintptr_t)d->data.ptr.buffer;
	const uint64_t *const offsets = (const uint64_t *)(uintptr_t)d->data.ptr.offsets;

	for (size_t i = 0; i < d->offsets_size / 8; i++) {
		struct flat_binder_object o;
		struct binder_buffer_object bytes;

		memcpy(&o, data + offsets[i], sizeof(o));
		switch (o.hdr.type) {
		case BINDER_TYPE_HANDLE:
		case BINDER_TYPE_WEAK_HANDLE:
			got_handle(p, b, o.handle, o.hdr.type == BINDER_TYPE_HANDLE, m && i < 4 ? m->life[i] : 0);
			break;
		case BINDER_TYPE_FD:
			got_file(p, o.handle);
			break;
		/* The descriptors of an array the driver closes, with the buffer. */
		case BINDER_TYPE_PTR:
			memcpy(&bytes, data + offsets[i], sizeof(bytes));
			if (bytes.buffer < p->mapping || bytes.length > p->mapped ||
			    bytes.buffer - p->mapping > p->mapped - bytes.length)
				wrong(p->world, STRESS_WRONG_DATA, "bytes outside of the mapping");
			break;
		}
	}
}

static void check_data(struct stress_process *p, const struct binder_transaction_data *d, const struct message *m)
{
	const uint8_t *const data = (const uint8_t *)m;

	if (m->serial != d->code || m->objects_end > d->data_size || (d->sender_pid && (uint32_t)d->sender_pid != m->pid)) {
		wrong(p->world, STRESS_WRONG_DATA, "another message");
		return;
	}
	for (size_t i = m->objects_end; i < d->data_size; i++)
		if (data[i] != (uint8_t)m->serial) {
			wrong(p->world, STRESS_WRONG_DATA, "other bytes");
			return;
		}
}

static void got_transaction(struct stress_thread *t, const struct binder_transaction_data *d, bool call)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	const struct message *m = (const struct message *)(uintptr_t)d->data.ptr.buffer;
	const uint64_t at = d->data.ptr.buffer - p->mapping;
	const bool oneway = call && d->flags & TF_ONE_WAY;
	const uint64_t node = d->target.ptr >> 12;
	struct stress_buffer *b = NULL;

	count(w, STRESS_DELIVERED);
	if (at >= p->mapped || d->data_size > p->mapped - at || d->offsets_size > p->mapped - at - d->data_size ||
	    d->data.ptr.offsets != d->data.ptr.buffer + ((d->data_size + 7) & ~7ull)) {
		wrong(w, STRESS_WRONG_DATA, "outside of the mapping");
		return;
	}
	if (d->data_size < sizeof(*m) || m->magic != MAGIC)
		m = NULL;
	else
		check_data(p, d, m);
	for (size_t i = 0; !b && i < STRESS_BUFFERS; i++)
		if (!p->buffers[i].address)
			b = &p->buffers[i];
	if (b)
		*b = (struct stress_buffer){ .address = d->data.ptr.buffer, .oneway = -1 };
	else
		p->lossy = true;
	got_objects(p, b, d, m);
	if (!call) {
		answered(t, d->code);
		return;
	}
	if (__atomic_fetch_or(&w->seen[d->code % STRESS_SERIALS], SEEN, __ATOMIC_RELAXED) & SEEN)
		wrong(w, STRESS_TWICE_DELIVERED, "");
	if (!oneway) {
		push(t, d->code, false);
		return;
	}
	if (node >= STRESS_NODES || !b || p->lossy)
		return;
	if (p->nodes[node].busy)
		wrong(w, STRESS_UNORDERED, "");
	p->nodes[node].busy = true;
	b->oneway = (int)node;
}

/* One return; its size, or 0 if it is not known. */
static size_t read_return(struct stress_thread *t, uint32_t command, const uint8_t *from)
{
	struct binder_transaction_data d;
	uint64_t value[2];

	switch (command) {
	case BR_NOOP:
	case BR_SPAWN_LOOPER:
	case BR_OK:
	case BR_ERROR:
		break;
	case BR_TRANSACTION_COMPLETE:
	case BR_ONEWAY_SPAM_SUSPECT:
	case PENDING_FROZEN:
		confirmed(t);
		break;
	case BR_FROZEN_REPLY:
		count(t->process->world, STRESS_FROZEN);
		failed(t);
		break;
	case BR_FAILED_REPLY:
	case BR_DEAD_REPLY:
		failed(t);
		break;
	case BR_INCREFS:
	case BR_ACQUIRE:
	case BR_RELEASE:
	case BR_DECREFS:
		memcpy(value, from, sizeof(value));
		told_of_node(t, command, value[0], value[1]);
		return sizeof(command) + sizeof(value);
	case BR_DEAD_BINDER:
		memcpy(value, from, sizeof(value[0]));
		told_of_death(t, value[0]);
		return sizeof(command) + sizeof(value[0]);
	case BR_CLEAR_DEATH_NOTIFICATION_DONE:
		memcpy(value, from, sizeof(value[0]));
		told_of_clearance(t, value[0]);
		return sizeof(command) + sizeof(value[0]);
	case FROZEN_BINDER:
		memcpy(value, from, sizeof(value));
		ack(t, KNOW_FREEZE, value[0], 0);
		return sizeof(command) + sizeof(value);
	case FREEZE_CLEARED:
		return sizeof(command) + sizeof(value[0]);
	case BR_TRANSACTION:
	case BR_REPLY:
		memcpy(&d, from, sizeof(d));
		got_transaction(t, &d, command == BR_TRANSACTION);
		return sizeof(command) + sizeof(d);
	default:
		wrong(t->process->world, STRESS_UNKNOWN_RETURN, "");
		return 0;
	}
	return sizeof(command);
}

static void read_returns(struct stress_thread *t, size_t from, size_t to)
{
	while (to - from >= sizeof(uint32_t)) {
		uint32_t command;
		size_t n;

		memcpy(&command, t->told + from, sizeof(command));
		n = read_return(t, command, t->told + from + sizeof(command));
		if (!n)
			return;
		from += n;
	}
}

/* ---- Steps ---- */

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
	written(t, b.write_consumed);
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

static void begin_commands(struct stress_thread *t)
{
	t->size = t->used = 0;
	t->effects = 0;
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
	for (size_t i = 0; i < STRESS_DEATHS; i++)
		if (p->deaths[i].used && (p->blocks || p->deaths[i].cleared))
			p->deaths[i].forgotten = true;
	tell_busy(t);
}

/* Another system call. */
static void control(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	union {
		struct binder_version version;
		struct binder_node_debug_info node;
		struct binder_node_info_for_ref ref;
		struct binder_freeze_info freeze;
		struct binder_frozen_status_info frozen;
		uint32_t error[3];
		uint32_t value;
	} u;

	memset(&u, 0, sizeof(u));
	switch (choose(t->choices, 10)) {
	case 0:
		stress_ioctl(t, BINDER_VERSION, &u);
		break;
	case 1:
		u.value = choose(t->choices, 4);
		stress_ioctl(t, BINDER_SET_MAX_THREADS, &u);
		break;
	case 2:
		u.node.ptr = choose(t->choices, STRESS_NODES) << 12;
		stress_ioctl(t, BINDER_GET_NODE_DEBUG_INFO, &u);
		break;
	case 3:
		u.ref.handle = choose(t->choices, 8);
		stress_ioctl(t, BINDER_GET_NODE_INFO_FOR_REF, &u);
		break;
	case 4:
		stress_ioctl(t, GET_EXTENDED_ERROR, &u);
		break;
	case 5:
		u.value = choose(t->choices, 2);
		stress_ioctl(t, BINDER_ENABLE_ONEWAY_SPAM_DETECTION, &u);
		break;
	case 6:
		u.freeze.pid = __atomic_load_n(&w->pids[choose(t->choices, STRESS_PROCESSES)], __ATOMIC_RELAXED);
		u.freeze.enable = !is_stopped(w) && one_in(t, 2);
		stress_ioctl(t, BINDER_FREEZE, &u);
		break;
	case 7:
		u.frozen.pid = __atomic_load_n(&w->pids[choose(t->choices, STRESS_PROCESSES)], __ATOMIC_RELAXED);
		stress_ioctl(t, BINDER_GET_FROZEN_INFO, &u);
		break;
	case 8:
		if (hostile(t, 4))
			stress_thread_end(t);
		break;
	default:
		if (hostile(t, 2))
			stress_ioctl(t, next(t->choices, 2), one_in(t, 2) ? NOWHERE : (void *)&u);
	}
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
		if (h->death && !p->deaths[h->death - 1].told) {
			put_handle_cookie(t, BC_CLEAR_DEATH_NOTIFICATION, h->number, DEATH_COOKIE + h->death - 1);
			means(t, EFFECT_CLEAR, h->number, h->death - 1);
		}
		for (int32_t k = 0; k < h->strong && has_room(t); k++)
			put_count(t, BC_RELEASE, EFFECT_RELEASE, h->number);
		for (int32_t k = 0; k < h->weak && has_room(t); k++)
			put_count(t, BC_DECREFS, EFFECT_DECREFS, h->number);
	}
}

bool stress_settle(struct stress_thread *t, bool all)
{
	struct stress_process *const p = t->process;
	const bool exact = p->world->exact;
	struct binder_freeze_info thaw = { .pid = p->pid };
	bool done;

	pthread_mutex_lock(&p->lock);
	if (t->untidy)
		stress_thread_end(t);
	if (all)
		stress_ioctl(t, BINDER_FREEZE, &thaw);
	begin_commands(t);
	put_acks(t);
	for (uint32_t i = 0; i < STRESS_BUFFERS && has_room(t); i++)
		if (p->buffers[i].address)
			put_free(t, i);
	if (all)
		release_all(t);
	if (has_room(t) && may_answer(t) && !t->sent)
		put_transaction(t, EFFECT_REPLY, 0, t->stack[t->depth - 1].serial);
	done = t->size && !exact;
	done |= exchange(t, exact || done, done ? 0 : sizeof(t->told), 0, t->told);
	pthread_mutex_unlock(&p->lock);
	return done;
}

/* ---- Processes ---- */

int stress_begin(struct stress_world *w, struct stress_process *p, struct choices *c, bool manages)
{
	static const size_t sizes[] = { 4096, 65536, 65536, 1 << 20 };
	const size_t size = sizes[choose(c, 4)];
	struct stress_thread t = { .process = p };
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };
	int err;

	p->world = w;
	p->manages = manages;
	p->life = __atomic_add_fetch(&w->life, 1, __ATOMIC_RELAXED);
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
	put32(t, BC_ENTER_LOOPER);
	pthread_mutex_lock(&p->lock);
	exchange(t, true, 0, 0, t->told);
	pthread_mutex_unlock(&p->lock);
}

static bool owes_death(const struct stress_process *p, const struct stress_death *d)
{
	return d->used && !d->forgotten && !d->cleared && !d->told && is_dead(p->world, d->life);
}

static bool owes_clearance(const struct stress_death *d)
{
	return d->used && !d->forgotten && d->cleared;
}

bool stress_waits(const struct stress_process *p)
{
	if (p->lossy)
		return false;
	for (size_t i = 0; i < STRESS_DEATHS; i++)
		if (owes_death(p, &p->deaths[i]) || owes_clearance(&p->deaths[i]))
			return true;
	return p->busy;
}

void stress_judge(struct stress_process *p, struct stress_thread *threads, unsigned int n, bool counts)
{
	struct stress_world *const w = p->world;

	if (p->lossy)
		return;
	for (unsigned int i = 0; i < n; i++)
		if (!threads[i].untidy && (threads[i].sent || stress_awaits_answer(&threads[i])))
			wrong(w, STRESS_NEVER_ANSWERED, threads[i].sent ? "not confirmed" : "");
	for (size_t i = 0; i < STRESS_DEATHS; i++) {
		if (owes_death(p, &p->deaths[i]))
			wrong(w, STRESS_NEVER_TOLD, "");
		if (owes_clearance(&p->deaths[i]))
			wrong(w, STRESS_NEVER_CLEARED, "");
	}
	/* The manager's is there from the start. */
	for (size_t i = 1; i < STRESS_NODES; i++)
		if (counts && !p->unsure_nodes && (p->nodes[i].strong || p->nodes[i].weak))
			wrong(w, STRESS_COUNTS_LEFT, p->nodes[i].strong ? "strong" : "weak");
}
