// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a thread writes, see stress.h: commands by the rules and against them. */
#include <string.h>

#include "stress_model.h"

/* A handle that the process certainly has; NULL if there is none. */
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

/* ---- Commands ---- */

void begin_commands(struct stress_thread *t)
{
	t->size = t->used = 0;
	t->effects = 0;
}

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

bool has_room(const struct stress_thread *t)
{
	return t->size + 128 < sizeof(t->commands) && t->effects < sizeof(t->effect) / sizeof(t->effect[0]);
}

void put_count(struct stress_thread *t, uint32_t command, uint32_t number)
{
	put_command(t, command, number, 0);
	put32(t, number);
}

void put_watch(struct stress_thread *t, enum stress_kind kind, bool asks, uint32_t number, uint32_t index)
{
	put_command(t, asks ? stress_kinds[kind].ask : stress_kinds[kind].clear, number, index);
	t->process->watches[kind][index].clearing |= !asks;
	put32(t, number);
	put64(t, stress_kinds[kind].cookie + index);
}

static bool is_freed(const struct stress_thread *t, uint32_t index)
{
	for (unsigned int i = 0; i < t->effects; i++)
		if (t->effect[i].command == BC_FREE_BUFFER && t->effect[i].index == index)
			return true;
	return false;
}

void put_free(struct stress_thread *t, uint32_t index)
{
	/* Between two of them the driver may have given the address to a thread that is just being told of it. */
	if (!t->process->world->exact && is_freed(t, index))
		return;
	put_command(t, BC_FREE_BUFFER, 0, index);
	put64(t, t->process->buffers[index].address);
}

void put_acks(struct stress_thread *t)
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
	const uint32_t value = choose_any(t->choices, 2);

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

bool put_transaction(struct stress_thread *t, enum stress_sent kind, uint32_t handle, uint32_t serial)
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

/* A call, an answer, or a one-way call. */
bool put_some_transaction(struct stress_thread *t)
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

void put_enter(struct stress_thread *t)
{
	put32(t, BC_ENTER_LOOPER);
}

static void put_looper(struct stress_thread *t)
{
	static const uint32_t commands[] = { BC_ENTER_LOOPER, BC_REGISTER_LOOPER, BC_EXIT_LOOPER };

	put32(t, commands[choose(t->choices, 3)]);
}

/* What no process should write. */
static void put_nonsense(struct stress_thread *t)
{
	const uint32_t any = choose_any(t->choices, 2);

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
		put32(t, stress_kinds[any % 2].know);
		put64(t, any);
		break;
	case 4:
		put32(t, stress_kinds[any % 2].clear);
		put32(t, any % 20);
		put64(t, any);
		break;
	default:
		put32(t, any % 2 ? BC_ATTEMPT_ACQUIRE : BC_ACQUIRE_RESULT);
		put64(t, any);
	}
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

void put_some_command(struct stress_thread *t)
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
