/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the parts of the model share, see stress.h: stress.c takes steps, stress_write.c writes, stress_read.c reads. */
#ifndef EXAMPLES_BINDER_STRESS_MODEL_H
#define EXAMPLES_BINDER_STRESS_MODEL_H

#include <linux/android/binder.h>

#include "stress.h"

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

/* Where no process has memory. */
#define NOWHERE		((void *)16)

/* The commands of a watch, and the first of the cookies. */
struct stress_kind_of_watch {
	const char *name;
	uint32_t ask, clear, know, cookie;
};
extern const struct stress_kind_of_watch stress_kinds[STRESS_KINDS];

#define MAGIC		0x57e55u
/* How the data of a transaction begins. */
struct message {
	uint32_t magic, serial, pid, objects_end;
	uint32_t life[4];		/* of the processes whose nodes its objects are */
};

/* ---- Choices ---- */

/* A number of that many bytes; of 32 bits if there are no bytes to choose from. */
uint32_t choose_any(struct choices *c, unsigned int bytes);

static inline bool one_in(struct stress_thread *t, uint32_t n)
{
	return choose(t->choices, n) == n - 1;
}

static inline bool hostile(struct stress_thread *t, uint32_t n)
{
	return t->process->world->hostile && one_in(t, n);
}

/* ---- The world ---- */

static inline void count(struct stress_world *w, enum stress_count what)
{
	__atomic_fetch_add(&w->counts[what], 1, __ATOMIC_RELAXED);
}

static inline void wrong(struct stress_world *w, enum stress_wrong what, const char *text)
{
	__atomic_fetch_add(&w->wrong[what], 1, __ATOMIC_RELAXED);
	stress_report(what, text);
}

static inline bool is_dead(const struct stress_world *w, uint32_t life)
{
	return life && __atomic_load_n(&w->dead[life % STRESS_LIVES], __ATOMIC_ACQUIRE);
}

static inline uint32_t place_of(const struct stress_world *w, uint32_t life)
{
	return w->place[life % STRESS_LIVES];
}

/* How often somebody has frozen or thawed the process, or tried to. */
static inline uint32_t changed_of(const struct stress_world *w, uint32_t life)
{
	return __atomic_load_n(&w->changed[place_of(w, life)], __ATOMIC_ACQUIRE);
}

/* The same, with those who have begun to. */
static inline uint32_t changes_of(const struct stress_world *w, uint32_t life)
{
	return __atomic_load_n(&w->changes[place_of(w, life)], __ATOMIC_RELAXED);
}

static inline enum stress_state state_of(const struct stress_world *w, uint32_t place)
{
	return __atomic_load_n(&w->frozen[place], __ATOMIC_ACQUIRE);
}

static inline void set_state(struct stress_world *w, uint32_t place, enum stress_state state)
{
	__atomic_store_n(&w->frozen[place], (uint8_t)state, __ATOMIC_RELEASE);
}

static inline bool is_stopped(const struct stress_world *w)
{
	return __atomic_load_n(&w->stopped, __ATOMIC_ACQUIRE);
}

/* ---- Handles ---- */

/* The watch with a cookie; NULL if none was asked for with it. */
static inline struct stress_watch *watch_of(struct stress_process *p, enum stress_kind kind, uint64_t cookie)
{
	const uint64_t i = cookie - stress_kinds[kind].cookie;

	return i < STRESS_WATCHES && p->watches[kind][i].used ? &p->watches[kind][i] : NULL;
}

static inline struct stress_handle *find_handle(struct stress_process *p, uint32_t number)
{
	for (size_t i = 0; i < STRESS_HANDLES; i++)
		if (p->handles[i].used && p->handles[i].number == number)
			return &p->handles[i];
	return NULL;
}

static inline bool is_counted(const struct stress_handle *h)
{
	return h->strong > 0 || h->weak > 0 || h->held_strong > 0 || h->held_weak > 0;
}

static inline bool is_strong(const struct stress_handle *h)
{
	return h->strong > 0 || h->held_strong > 0;
}

/* ---- Commands ---- */

static inline bool counts_up(uint32_t command)
{
	return command == BC_ACQUIRE || command == BC_INCREFS;
}

static inline bool counts_strong(uint32_t command)
{
	return command == BC_ACQUIRE || command == BC_RELEASE;
}

static inline bool may_answer(const struct stress_thread *t)
{
	return t->depth && !t->stack[t->depth - 1].own;
}

/* ---- stress_write.c ---- */

void begin_commands(struct stress_thread *t);
bool has_room(const struct stress_thread *t);
void put_enter(struct stress_thread *t);
void put_count(struct stress_thread *t, uint32_t command, uint32_t number);
void put_watch(struct stress_thread *t, enum stress_kind kind, bool asks, uint32_t number, uint32_t index);
void put_free(struct stress_thread *t, uint32_t index);
void put_acks(struct stress_thread *t);
void put_some_command(struct stress_thread *t);
/*
 * A transaction, or one that may be sent now.  False: it depends on handles, so the lock of the process is held until it
 * is sent.
 */
bool put_transaction(struct stress_thread *t, enum stress_sent kind, uint32_t handle, uint32_t serial);
bool put_some_transaction(struct stress_thread *t);

/* ---- stress_read.c ---- */

/* The driver has done the commands before @consumed.  @refused: it gave an error for the one there. */
void written(struct stress_thread *t, size_t consumed, bool refused);
void read_returns(struct stress_thread *t, size_t from, size_t to);
/* The driver had no memory for the watch that it asked for last: it will not be told. */
void not_asked(struct stress_thread *t);

#endif
