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

#define MAGIC		0x57e55u
#define NOWHERE		((void *)16)
#define SEEN		1u

/* What is written of a watch, and the first of their cookies. */
static const struct { const char *name; uint32_t ask, clear, know, cookie; } kinds[STRESS_KINDS] = {
	[STRESS_DEATH] = {
		"of a death", BC_REQUEST_DEATH_NOTIFICATION, BC_CLEAR_DEATH_NOTIFICATION, BC_DEAD_BINDER_DONE, 0xdea00,
	},
	[STRESS_FREEZE] = { "of a freeze", ASK_FREEZE, CLEAR_FREEZE, KNOW_FREEZE, 0xf2000 },
};

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

static uint32_t place_of(const struct stress_world *w, uint32_t life)
{
	return w->place[life % STRESS_LIVES];
}

/* So often the process was frozen or thawed, or somebody tried. */
static uint32_t changed_of(const struct stress_world *w, uint32_t life)
{
	return __atomic_load_n(&w->changed[place_of(w, life)], __ATOMIC_ACQUIRE);
}

/* The same, and who is about to. */
static uint32_t changes_of(const struct stress_world *w, uint32_t life)
{
	return __atomic_load_n(&w->changes[place_of(w, life)], __ATOMIC_RELAXED);
}

static enum stress_state state_of(const struct stress_world *w, uint32_t place)
{
	return __atomic_load_n(&w->frozen[place], __ATOMIC_ACQUIRE);
}

static void set_state(struct stress_world *w, uint32_t place, enum stress_state state)
{
	__atomic_store_n(&w->frozen[place], (uint8_t)state, __ATOMIC_RELEASE);
}

static bool is_stopped(const struct stress_world *w)
{
	return __atomic_load_n(&w->stopped, __ATOMIC_ACQUIRE);
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

/* ---- Handles ---- */

/* That of a cookie; NULL if none was asked for with it. */
static struct stress_watch *watch_of(struct stress_process *p, enum stress_kind kind, uint64_t cookie)
{
	const uint64_t i = cookie - kinds[kind].cookie;

	return i < STRESS_WATCHES && p->watches[kind][i].used ? &p->watches[kind][i] : NULL;
}

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

/* It may be gone, or another one; so may its watches. */
static void doubt(struct stress_process *p, struct stress_handle *h)
{
	h->unsure = true;
	for (enum stress_kind k = 0; k < STRESS_KINDS; k++) {
		if (h->watch[k])
			p->watches[k][h->watch[k] - 1].forgotten = true;
		h->watch[k] = 0;
		/* What was cleared while it went is confirmed, or went with it. */
		for (size_t i = 0; i < STRESS_WATCHES; i++)
			p->watches[k][i].forgotten |= p->watches[k][i].cleared && p->watches[k][i].number == h->number;
	}
}

/* It is not gone if something that is on its way here refers to it: then it still has its watches. */
static void forget_uncounted(struct stress_process *p, struct stress_handle *h)
{
	if (is_counted(h))
		return;
	const bool sure = !h->unsure && !h->watch[STRESS_DEATH] && !h->watch[STRESS_FREEZE];

	doubt(p, h);
	h->used = !sure;
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

/* A command, what is known of it when the driver has read it. */
static void put_command(struct stress_thread *t, uint32_t command, uint32_t number, uint32_t index)
{
	t->effect[t->effects].at = t->size;
	t->effect[t->effects].command = command;
	t->effect[t->effects].number = number;
	t->effect[t->effects++].index = index;
	put32(t, command);
}

static bool has_room(const struct stress_thread *t)
{
	return t->size + 128 < sizeof(t->commands) && t->effects < sizeof(t->effect) / sizeof(t->effect[0]);
}

static void put_count(struct stress_thread *t, uint32_t command, uint32_t number)
{
	put_command(t, command, number, 0);
	put32(t, number);
}

static void put_watch(struct stress_thread *t, enum stress_kind kind, bool asks, uint32_t number, uint32_t index)
{
	put_command(t, asks ? kinds[kind].ask : kinds[kind].clear, number, index);
	t->process->watches[kind][index].clearing |= !asks;
	put32(t, number);
	put64(t, kinds[kind].cookie + index);
}

static void put_free(struct stress_thread *t, uint32_t index)
{
	put_command(t, BC_FREE_BUFFER, 0, index);
	put64(t, t->process->buffers[index].address);
}

static void put_acks(struct stress_thread *t)
{
	for (unsigned int i = 0; i < t->acks && has_room(t); i++) {
		const uint32_t command = t->ack[i].command;
		struct stress_watch *const d = watch_of(t->process, STRESS_FREEZE, t->ack[i].value[0]);

		put_command(t, command, 0, 0);
		put64(t, t->ack[i].value[0]);
		if (command == BC_INCREFS_DONE || command == BC_ACQUIRE_DONE)
			put64(t, t->ack[i].value[1]);
		else if (command == KNOW_FREEZE && d)
			d->told = false;
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
static bool put_transaction(struct stress_thread *t, enum stress_sent kind, uint32_t handle, uint32_t serial)
{
	struct stress_process *const p = t->process;
	struct draft m = { .data = room(t, 512), .offsets = room(t, 128) };
	const bool sg = one_in(t, 3), one_way = kind == STRESS_ONEWAY_CALL;
	const uint32_t command = kind == STRESS_REPLY ? (sg ? BC_REPLY_SG : BC_REPLY) :
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
	put_command(t, command, kind, serial);
	put(t, &m.d, sg ? sizeof(m.d) : sizeof(*d));
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

	if (hostile(t, 64)) {
		t->untidy = true;
		/* An answer to whatever the driver knows of. */
		if (one_in(t, 2) || !t->calls)
			return put_transaction(t, STRESS_REPLY, 0, 0);
		return put_transaction(t, STRESS_CALL, handle, new_serial(w));
	}
	if (t->sent > 4 || t->untidy)
		return true;
	/* What is behind an answer is not known until it is done. */
	if (may_answer(t) && one_in(t, 2))
		return put_transaction(t, STRESS_REPLY, 0, t->stack[t->depth - 1].serial);
	if (stress_awaits_answer(t) || is_stopped(w) || (!handle && p->manages))
		return true;
	if (one_in(t, 8))
		return put_transaction(t, STRESS_ONEWAY_CALL, handle, new_serial(w));
	return !t->calls || t->depth >= STRESS_STACK / 2 || put_transaction(t, STRESS_CALL, handle, new_serial(w));
}

static void put_ask(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	const enum stress_kind kind = choose(t->choices, STRESS_KINDS);
	const struct stress_handle *const some = some_handle(t, false);
	const uint32_t number = hostile(t, 16) || !some ? choose(t->choices, 20) : some->number;
	const struct stress_handle *const h = find_handle(p, number);
	uint32_t i;

	for (i = 0; i < STRESS_WATCHES && p->watches[kind][i].used; i++)
		;
	if (i == STRESS_WATCHES)
		return;
	put_watch(t, kind, true, number, i);
	/* It is not asked for twice, before it is known. */
	p->watches[kind][i] = (struct stress_watch){
		.used = true, .forgotten = true, .changes = h ? changed_of(p->world, h->life) : 0,
	};
}

static void put_clear(struct stress_thread *t)
{
	struct stress_process *const p = t->process;
	const enum stress_kind kind = choose(t->choices, STRESS_KINDS);
	const uint32_t from = choose(t->choices, STRESS_HANDLES);

	for (uint32_t i = 0; i < STRESS_HANDLES; i++) {
		const struct stress_handle *const h = &p->handles[(from + i) % STRESS_HANDLES];

		if (!h->used || !h->watch[kind])
			continue;
		put_watch(t, kind, false, h->number, h->watch[kind] - 1);
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
		put32(t, kinds[any % 2].know);
		put64(t, any);
		break;
	case 4:
		put32(t, kinds[any % 2].clear);
		put32(t, any % 20);
		put64(t, any);
		break;
	default:
		put32(t, any % 2 ? BC_ATTEMPT_ACQUIRE : BC_ACQUIRE_RESULT);
		put64(t, any);
	}
}

static bool counts_up(uint32_t command)
{
	return command == BC_ACQUIRE || command == BC_INCREFS;
}

static bool counts_strong(uint32_t command)
{
	return command == BC_ACQUIRE || command == BC_RELEASE;
}

static void put_some_count(struct stress_thread *t, uint32_t command)
{
	const bool up = counts_up(command), strong = counts_strong(command);
	const struct stress_handle *const h = some_handle(t, strong);

	if (hostile(t, 16) || (up && !h))
		put_count(t, command, choose(t->choices, 20));
	else if (up || (h && (strong ? h->strong : h->weak) > 0))
		put_count(t, command, h->number);
}

static void put_some_command(struct stress_thread *t)
{
	static const uint32_t counts[] = { BC_ACQUIRE, BC_INCREFS, BC_RELEASE, BC_DECREFS };
	struct stress_process *const p = t->process;
	const uint32_t what = choose(t->choices, 14);
	uint32_t i;

	switch (what) {
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
	case 4:
	case 5:
	case 6:
		put_some_count(t, counts[what - 3]);
		return;
	case 7:
	case 8:
	case 9:
		put_ask(t);
		return;
	case 10:
	case 11:
		put_clear(t);
		return;
	case 12:
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

static void counted(struct stress_process *p, uint32_t command, uint32_t number)
{
	const bool strong = counts_strong(command);
	struct stress_handle *const h = handle_of(p, number);
	int32_t *count;

	if (!h)
		return;
	count = strong ? &h->strong : &h->weak;
	if (counts_up(command)) {
		if (!(strong ? is_strong(h) : is_counted(h)))
			doubt(p, h);
		++*count;
		return;
	}
	if (*count <= 0)
		doubt(p, h);
	else
		--*count;
	forget_uncounted(p, h);
}

static void asked(struct stress_thread *t, enum stress_kind kind, uint32_t number, uint32_t index)
{
	struct stress_process *const p = t->process;
	struct stress_handle *const h = handle_of(p, number);

	count(p->world, STRESS_ASKED);
	if (!h)
		return;
	if (!is_counted(h) || h->unsure) {
		doubt(p, h);
	} else if (!h->watch[kind]) {
		p->watches[kind][index].forgotten = false;
		p->watches[kind][index].life = h->life;
		p->watches[kind][index].number = number;
		h->watch[kind] = index + 1;
		t->asked = kind == STRESS_DEATH ? index + 1 : 0;
	}
}

/* Without memory: what it asked for last it is not told. */
static void not_asked(struct stress_thread *t)
{
	struct stress_process *const p = t->process;

	for (size_t i = 0; t->asked && i < STRESS_HANDLES; i++)
		if (p->handles[i].watch[STRESS_DEATH] == t->asked)
			p->handles[i].watch[STRESS_DEATH] = 0;
	if (t->asked)
		p->watches[STRESS_DEATH][t->asked - 1].forgotten = true;
	t->asked = 0;
}

static void cleared(struct stress_process *p, enum stress_kind kind, uint32_t number, uint32_t index)
{
	struct stress_handle *const h = find_handle(p, number);

	/* A command before it may have let the handle go. */
	if (!h || h->watch[kind] != index + 1)
		return;
	h->watch[kind] = 0;
	p->watches[kind][index].cleared = true;
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

static void sent(struct stress_thread *t, enum stress_sent kind, uint32_t serial)
{
	static const enum stress_count counts[] = {
		[STRESS_CALL] = STRESS_CALLS, [STRESS_ONEWAY_CALL] = STRESS_ONEWAY, [STRESS_REPLY] = STRESS_REPLIES,
	};

	if (t->sent == STRESS_STACK) {
		t->untidy = true;
		return;
	}
	t->queue[t->sent].kind = kind;
	t->queue[t->sent++].serial = serial;
	if (kind == STRESS_CALL)
		push(t, serial, true);
	else if (kind == STRESS_REPLY && may_answer(t))
		t->depth--;
	count(t->process->world, counts[kind]);
}

static void unack(struct stress_thread *t)
{
	memmove(t->ack, t->ack + 1, --t->acks * sizeof(t->ack[0]));
}

static void done(struct stress_thread *t, uint32_t command, uint32_t number, uint32_t index)
{
	struct stress_process *const p = t->process;

	count(p->world, STRESS_COMMANDS);
	/* Behind one that failed none is done, before that is read. */
	t->asked = 0;
	switch (command) {
	case BC_TRANSACTION:
	case BC_TRANSACTION_SG:
	case BC_REPLY:
	case BC_REPLY_SG:
		sent(t, number, index);
		break;
	case BC_FREE_BUFFER:
		freed(p, index);
		break;
	case BC_INCREFS:
	case BC_ACQUIRE:
	case BC_RELEASE:
	case BC_DECREFS:
		counted(p, command, number);
		break;
	case BC_REQUEST_DEATH_NOTIFICATION:
	case ASK_FREEZE:
		asked(t, command == ASK_FREEZE, number, index);
		break;
	case BC_CLEAR_DEATH_NOTIFICATION:
	case CLEAR_FREEZE:
		cleared(p, command == CLEAR_FREEZE, number, index);
		break;
	default:
		unack(t);
	}
}

static void not_done(struct stress_thread *t, uint32_t command, uint32_t number, uint32_t index, bool refused)
{
	struct stress_process *const p = t->process;
	const struct stress_handle *const h = find_handle(p, number);
	const bool is_sure = h && is_counted(h) && !h->unsure;
	const struct stress_watch *d;
	bool right = false;

	switch (command) {
	case BC_REQUEST_DEATH_NOTIFICATION:
		p->watches[STRESS_DEATH][index].used = false;
		break;
	case ASK_FREEZE:
		p->watches[STRESS_FREEZE][index].used = false;
		right = is_sure && !h->watch[STRESS_FREEZE];
		break;
	case CLEAR_FREEZE:
		right = is_sure && h->watch[STRESS_FREEZE] == index + 1;
		break;
	case KNOW_FREEZE:
		if (!refused)
			break;
		d = watch_of(p, STRESS_FREEZE, t->ack[0].value[0]);
		right = d && !d->forgotten;
		/* It is not said again. */
		unack(t);
		break;
	}
	if (refused && right && p->world->exact && !p->lossy)
		wrong(p->world, STRESS_REFUSED, "");
}

/* The driver has read so far, where it gave an error if @refused. */
static void written(struct stress_thread *t, size_t consumed, bool refused)
{
	for (unsigned int i = 0; i < t->effects; i++) {
		const size_t at = t->effect[i].at;
		const uint32_t command = t->effect[i].command, number = t->effect[i].number, index = t->effect[i].index;

		if (at < consumed)
			done(t, command, number, index);
		else
			not_done(t, command, number, index, refused && at == consumed);
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
		const bool call = t->queue[0].kind == STRESS_CALL;
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
	struct stress_watch *const d = watch_of(p, STRESS_DEATH, cookie);

	count(w, STRESS_DEATHS);
	ack(t, BC_DEAD_BINDER_DONE, cookie, 0);
	if (!d) {
		wrong(w, STRESS_UNASKED, "a death");
		return;
	}
	if (d->told)
		wrong(w, STRESS_TWICE_TOLD, "of a death");
	if (w->exact && d->life && !d->forgotten && !is_dead(w, d->life))
		wrong(w, STRESS_UNASKED, "a death, and the process is alive");
	d->told = true;
}

static void told_of_freeze(struct stress_thread *t, uint64_t cookie, uint64_t frozen)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	struct stress_watch *const d = watch_of(p, STRESS_FREEZE, cookie);
	enum stress_state state;

	count(w, STRESS_FREEZES);
	ack(t, KNOW_FREEZE, cookie, 0);
	if (!d) {
		wrong(w, STRESS_UNASKED, "a freeze");
		return;
	}
	if (d->told)
		wrong(w, STRESS_TWICE_TOLD, "of a freeze, before it knows");
	d->told = true;
	d->frozen = frozen;
	if (d->forgotten || !d->life)
		return;
	if (w->exact && d->cleared)
		wrong(w, STRESS_UNASKED, "a freeze that is cleared");
	/* And once at first.  Those that were begun when it asked, and were not done, may be told, too. */
	if (++d->times > 1 + changes_of(w, d->life) - d->changes)
		wrong(w, STRESS_TWICE_TOLD, "of a freeze that did not change");
	state = state_of(w, place_of(w, d->life));
	if (frozen > 1 || (w->exact && !is_dead(w, d->life) && state != STRESS_IS_UNKNOWN && state != frozen))
		wrong(w, STRESS_WRONG_STATE, "");
}

static void told_of_clearance(struct stress_thread *t, enum stress_kind kind, uint64_t cookie)
{
	struct stress_process *const p = t->process;
	struct stress_world *const w = p->world;
	struct stress_watch *const d = watch_of(p, kind, cookie);

	count(w, STRESS_CLEARED);
	if (!d || (!d->cleared && !d->forgotten)) {
		wrong(w, STRESS_UNASKED, "a clearance");
		return;
	}
	if (kind == STRESS_FREEZE && d->told)
		wrong(w, STRESS_TWICE_TOLD, "of a freeze: cleared, before it knows");
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
		break;
	case BR_ERROR:
		not_asked(t);
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
	case FREEZE_CLEARED:
		memcpy(value, from, sizeof(value[0]));
		told_of_clearance(t, command == FREEZE_CLEARED, value[0]);
		return sizeof(command) + sizeof(value[0]);
	case FROZEN_BINDER:
		memcpy(value, from, sizeof(value));
		told_of_freeze(t, value[0], value[1]);
		return sizeof(command) + sizeof(value);
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
			stress_ioctl(t, next(t->choices, 2), one_in(t, 2) ? NOWHERE : argument);
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
	put32(t, BC_ENTER_LOOPER);
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
				wrong(w, what, kinds[k].name);
		}
	/* The manager's is there from the start. */
	for (size_t i = 1; i < STRESS_NODES; i++)
		if (counts && !p->unsure_nodes && (p->nodes[i].strong || p->nodes[i].weak))
			wrong(w, STRESS_COUNTS_LEFT, p->nodes[i].strong ? "strong" : "weak");
}
