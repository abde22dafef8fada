// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What came of it, see stress.h: which commands were done, and what the driver tells. */
#include <string.h>
#include <unistd.h>

#include "stress_model.h"

#define SEEN		1u

/* ---- Handles ---- */

/* The handle with a number, a new one if it is not known. */
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

void not_asked(struct stress_thread *t)
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

void written(struct stress_thread *t, size_t consumed, bool refused)
{
	for (unsigned int i = 0; i < t->effects; i++) {
		const size_t at = t->effect[i].at;
		const uint32_t command = t->effect[i].command, number = t->effect[i].number, index = t->effect[i].index;

		if (at < consumed)
			done(t, command, number, index);
		else
			not_done(t, command, number, index, refused && at == consumed);
	}
	/* With an error to read the driver would not have looked at the one that it refused. */
	if (refused)
		t->asked = 0;
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

void read_returns(struct stress_thread *t, size_t from, size_t to)
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
