// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* See exchange.h.  Here are the steps; the exchanges are in exchanges.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "steps.h"

static const struct stage *stage;
static struct actor *all;
static unsigned int used;

void play(const struct exchange *e, const struct stage *s, struct actor *actors)
{
	stage = s;
	all = actors;
	used = 0;
	memset(all, 0, ACTORS * sizeof(*all));
	e->play();
	for (unsigned int i = 0; i < used; i++)
		if (all[i].file && all[i].process == &all[i])
			dies(&all[i]);
}

static void act(struct actor *a, enum step step)
{
	a->step = step;
	a->text[0] = '\0';
	stage->act(a);
}

static void compare(const char *file, int line, const struct actor *a, const char *expected, const char *found)
{
	if (expected && strcmp(expected, found))
		stage->differs(file, line, a->name, expected, found);
}

/* ---- What a process writes ---- */

void put_bytes(struct actor *a, const void *bytes, size_t n)
{
	memcpy(a->commands + a->commands_size, bytes, n);
	a->commands_size += n;
}

void put32(struct actor *a, uint32_t value)
{
	put_bytes(a, &value, sizeof(value));
}

void put64(struct actor *a, uint64_t value)
{
	put_bytes(a, &value, sizeof(value));
}

/* Room for data of a transaction, which stays until the commands are written. */
void *room(struct actor *a, size_t n)
{
	void *p = a->data + a->data_size;

	a->data_size += (n + 7) & ~(size_t)7;
	return p;
}

void sends(struct actor *a, uint32_t command, uint32_t handle, uint32_t code, uint32_t flags, const void *data, size_t size,
	   const uint64_t *offsets, size_t count)
{
	struct binder_transaction_data d = { .code = code, .flags = flags };
	void *const data_copy = room(a, size), *const offsets_copy = room(a, count * 8);

	memcpy(data_copy, data ? data : "", size);
	memcpy(offsets_copy, offsets ? (const void *)offsets : "", count * 8);
	d.target.handle = handle;
	d.data_size = size;
	d.offsets_size = count * 8;
	d.data.ptr.buffer = (uintptr_t)data_copy;
	d.data.ptr.offsets = (uintptr_t)offsets_copy;
	put32(a, command);
	put_bytes(a, &d, sizeof(d));
}

void calls(struct actor *a, uint32_t handle, uint32_t code, const char *text)
{
	sends(a, BC_TRANSACTION, handle, code, TF_ACCEPT_FDS, text, strlen(text), NULL, 0);
}

void tells(struct actor *a, uint32_t handle, uint32_t code, const char *text)
{
	sends(a, BC_TRANSACTION, handle, code, TF_ONE_WAY, text, strlen(text), NULL, 0);
}

void answers(struct actor *a, const char *text)
{
	sends(a, BC_REPLY, 0, 0, 0, text, strlen(text), NULL, 0);
}

void send_object(struct actor *a, uint32_t command, uint32_t handle, uint32_t code, uint32_t type, uint64_t value,
		 uint64_t cookie)
{
	struct flat_binder_object o = { .hdr.type = type, .cookie = cookie };
	const uint64_t at = 0;

	o.binder = value;
	sends(a, command, handle, code, 0, &o, sizeof(o), &at, 1);
}

void counts(struct actor *a, uint32_t command, uint32_t handle)
{
	put32(a, command);
	put32(a, handle);
}

void acknowledges(struct actor *a, uint32_t command, uint64_t ptr, uint64_t cookie)
{
	put32(a, command);
	put64(a, ptr);
	put64(a, cookie);
}

void asks_for_death(struct actor *a, uint32_t command, uint32_t handle, uint64_t cookie)
{
	put32(a, command);
	put32(a, handle);
	put64(a, cookie);
}

void frees(struct actor *a)
{
	frees_at(a, a->buffer);
}

void frees_at(struct actor *a, uint64_t address)
{
	put32(a, BC_FREE_BUFFER);
	put64(a, address);
}

/* ---- Steps ---- */

static const char *error_name(const struct actor *a)
{
	return a->err ? strerror(a->err) : "";
}

static struct actor *opens(const char *name, bool elsewhere)
{
	struct actor *const a = &all[used++];

	strcpy(a->name, name);
	a->process = a;
	a->elsewhere = elsewhere;
	act(a, STEP_OPEN);
	compare(__FILE__, __LINE__, a, "", error_name(a));
	return a;
}

struct actor *actor_unmapped(const char *name)
{
	return opens(name, false);
}

struct actor *actor(const char *name)
{
	struct actor *const a = actor_unmapped(name);

	maps(a, MAPPED, 0);
	return a;
}

struct actor *actor_elsewhere(const char *name)
{
	struct actor *const a = opens(name, true);

	maps(a, MAPPED, 0);
	return a;
}

struct actor *thread(struct actor *process, const char *name)
{
	struct actor *const a = &all[used++];

	strcpy(a->name, name);
	a->process = process;
	a->pid = process->pid;
	a->file = process->file;
	a->mapping = process->mapping;
	a->mapped = process->mapped;
	act(a, STEP_THREAD);
	return a;
}

struct actor *forks(struct actor *parent, const char *name)
{
	struct actor *const a = &all[used++];

	strcpy(a->name, name);
	a->process = a;
	a->parent = parent;
	a->file = parent->file;
	act(a, STEP_FORK);
	return a;
}

static struct actor *opens_one_more(struct actor *process, const char *name, bool elsewhere)
{
	struct actor *const a = thread(process, name);

	a->mapped = 0;
	a->elsewhere = elsewhere;
	act(a, STEP_OPEN);
	compare(__FILE__, __LINE__, a, "", error_name(a));
	maps(a, MAPPED, 0);
	return a;
}

struct actor *opens_again(struct actor *process, const char *name)
{
	return opens_one_more(process, name, false);
}

struct actor *opens_elsewhere(struct actor *process, const char *name)
{
	return opens_one_more(process, name, true);
}

void maps(struct actor *a, size_t size, int err)
{
	maps_as(a, size, PROT_READ, MAP_PRIVATE, err);
}

void maps_as(struct actor *a, size_t size, int prot, int flags, int err)
{
	a->room = size;
	a->prot = prot;
	a->flags = flags;
	act(a, STEP_MAP);
	compare(__FILE__, __LINE__, a, err ? strerror(err) : "", error_name(a));
}

void unmaps(struct actor *a)
{
	act(a, STEP_UNMAP);
}

void unmaps_part(struct actor *a, uint64_t offset, size_t size)
{
	a->part = offset;
	a->room = size;
	act(a, STEP_UNMAP_PART);
	compare(__FILE__, __LINE__, a, "", error_name(a));
}

void moves(struct actor *a)
{
	act(a, STEP_MOVE);
	compare(__FILE__, __LINE__, a, "", error_name(a));
	a->buffer += a->moved - a->mapping;
}

void shrinks(struct actor *a)
{
	act(a, STEP_SHRINK);
}

void does_(const char *file, int line, struct actor *a, size_t size, bool blocks, const char *expected)
{
	a->room = size;
	a->blocks = blocks;
	act(a, STEP_EXCHANGE);
	compare(file, line, a, expected, a->text);
	a->commands_size = a->data_size = 0;
}

void sleeps(struct actor *a)
{
	sleeps_in(a, 0, NULL, 0);
}

void sleeps_in(struct actor *a, unsigned int command, const void *argument, size_t size)
{
	a->room = 256;
	a->calls = false;
	a->ioctl = command;
	memcpy(a->argument, command ? argument : "", size);
	act(a, STEP_SLEEP);
}

void wakes_(const char *file, int line, struct actor *a, const char *expected)
{
	a->step = STEP_WAKE;
	stage->act(a);
	compare(file, line, a, expected, a->text);
	a->commands_size = a->data_size = 0;
}

void controls_(const char *file, int line, struct actor *a, unsigned int command, void *argument, size_t size, int err)
{
	memcpy(a->argument, argument, size);
	controls_at_(file, line, a, command, 0, err);
	memcpy(argument, a->argument, size);
}

void controls_at_(const char *file, int line, struct actor *a, unsigned int command, uint64_t pointer, int err)
{
	char expected[32], found[32];

	a->ioctl = command;
	a->pointer = pointer;
	act(a, STEP_IOCTL);
	snprintf(expected, sizeof(expected), "ioctl: %d", err);
	snprintf(found, sizeof(found), "ioctl: %d", a->err);
	compare(file, line, a, expected, found);
}

void has_failed_(const char *file, int line, struct actor *a, uint32_t command, int err)
{
	struct binder_extended_error e = { 0 };

	controls_(file, line, a, BINDER_GET_EXTENDED_ERROR, &e, sizeof(e), 0);
	expect_(file, line, a, command, e.command);
	expect_(file, line, a, (uint64_t)err, (uint64_t)-e.param);
}

void waits(struct actor *a)
{
	a->blocks = true;
	act(a, STEP_POLL);
	compare(__FILE__, __LINE__, a, "something", a->text);
}

void polls_(const char *file, int line, struct actor *a, const char *expected)
{
	a->blocks = false;
	act(a, STEP_POLL);
	compare(file, line, a, expected, a->text);
}

void sees_(const char *file, int line, struct actor *a, const char *bytes)
{
	a->room = strcmp(bytes, "gone") ? strlen(bytes) : 1;
	act(a, STEP_LOOK);
	compare(file, line, a, bytes, a->text);
}

void files_are_(const char *file, int line, struct actor *a, const char *expected)
{
	act(a, STEP_FILES);
	compare(file, line, a, expected, a->text);
}

void flushes(struct actor *a)
{
	act(a, STEP_FLUSH);
}

static void end(struct actor *a)
{
	act(a, STEP_DIE);
	for (unsigned int i = 0; i < used; i++)
		if (all[i].process == a)
			all[i].file = NULL;
}

void dies(struct actor *a)
{
	for (unsigned int i = 0; i < used; i++)
		if (all[i].parent == a && all[i].file)
			end(&all[i]);
	end(a);
}

void expect_(const char *file, int line, const struct actor *a, uint64_t expected, uint64_t found)
{
	char e[32], f[32];

	snprintf(e, sizeof(e), "%#llx", (unsigned long long)expected);
	snprintf(f, sizeof(f), "%#llx", (unsigned long long)found);
	compare(file, line, a, e, f);
}

/* ---- What many do ---- */

struct actor *m, *c;

void manages(struct actor *a)
{
	int32_t zero = 0;

	controls(a, BINDER_SET_CONTEXT_MGR, &zero, 0);
}

void enters(struct actor *a)
{
	put32(a, BC_ENTER_LOOPER);
	writes(a);
}

void meet(void)
{
	m = actor("m");
	c = actor("c");
	manages(m);
	enters(m);
	enters(c);
}

void gives(struct actor *from, uint64_t ptr, uint32_t becomes)
{
	const unsigned long long p = ptr;
	char text[128];

	send_object(from, BC_TRANSACTION, 0, 0, BINDER_TYPE_BINDER, ptr, ptr + 1);
	does(from, "error 11");
	snprintf(text, sizeof(text), "noop call 0:0 code 0 flags 0 from %s handle %u:0", from->process->name, becomes);
	does(m, text);
	counts(m, BC_ACQUIRE, becomes);
	frees(m);
	answers(m, "");
	does(m, "noop complete");
	snprintf(text, sizeof(text), "noop increfs %llx:%llx acquire %llx:%llx complete reply code 0 flags 0 from -",
		 p, p + 1, p, p + 1);
	does(from, text);
	acknowledges(from, BC_INCREFS_DONE, ptr, ptr + 1);
	acknowledges(from, BC_ACQUIRE_DONE, ptr, ptr + 1);
	frees(from);
	writes(from);
}

void passes(uint32_t handle, struct actor *to, uint32_t becomes)
{
	char text[128];

	calls(to, 0, 0, "");
	does(to, "error 11");
	snprintf(text, sizeof(text), "noop call 0:0 code 0 flags 10 from %s", to->process->name);
	does(m, text);
	frees(m);
	send_object(m, BC_REPLY, 0, 0, BINDER_TYPE_HANDLE, handle, 0);
	does(m, "noop complete");
	snprintf(text, sizeof(text), "noop complete reply code 0 flags 0 from - handle %u:0", becomes);
	does(to, text);
	counts(to, BC_ACQUIRE, becomes);
	frees(to);
	writes(to);
}

/* ---- In the process of an actor ---- */

static void say(struct actor *a, const char *format, ...)
{
	const size_t at = strlen(a->text);
	va_list args;

	va_start(args, format);
	vsnprintf(a->text + at, sizeof(a->text) - at, format, args);
	va_end(args);
}

static const char *name_of(uint32_t pid)
{
	if (!pid)
		return "-";
	for (unsigned int i = 0; i < ACTORS; i++)
		if (all[i].pid == pid)
			return all[i].name;
	return "?";
}

/* What they send is what all of them have as their standard error. */
static const char *file_of(uint32_t fd)
{
	struct stat got, own;

	return !fstat((int)fd, &got) && !fstat(2, &own) && got.st_ino == own.st_ino ? "2" : "?";
}

/* Bytes that came along; those in which there are pointers or descriptors begin with '@'. */
static void say_bytes(struct actor *a, const uint8_t *at, const uint8_t *data, const uint64_t *offsets)
{
	struct binder_buffer_object o, parent;
	uint64_t pointer;
	const char *bytes;

	memcpy(&o, at, sizeof(o));
	bytes = (const char *)(uintptr_t)o.buffer;
	if (o.buffer < a->mapping || o.buffer - a->mapping + o.length > a->mapped)
		say(a, " bytes outside");
	else
		say(a, " bytes %.*s", bytes[0] == '@' ? 1 : (int)strnlen(bytes, o.length), bytes);
	if (!(o.flags & BINDER_BUFFER_FLAG_HAS_PARENT))
		return;
	memcpy(&parent, data + offsets[o.parent], sizeof(parent));
	memcpy(&pointer, (const char *)(uintptr_t)parent.buffer + o.parent_offset, sizeof(pointer));
	say(a, pointer == o.buffer ? " pointed to" : " not pointed to");
}

/* Descriptors that came among bytes. */
static void say_files(struct actor *a, const uint8_t *at, const uint8_t *data, const uint64_t *offsets)
{
	struct binder_fd_array_object o;
	struct binder_buffer_object parent;

	memcpy(&o, at, sizeof(o));
	memcpy(&parent, data + offsets[o.parent], sizeof(parent));
	say(a, " files");
	a->files_count = 0;
	for (uint64_t i = 0; i < o.num_fds && i < sizeof(a->files) / sizeof(*a->files); i++) {
		uint32_t fd;

		memcpy(&fd, (const char *)(uintptr_t)parent.buffer + o.parent_offset + i * sizeof(fd), sizeof(fd));
		a->files[a->files_count++] = fd;
		say(a, " %s", file_of(fd));
	}
}

static void say_object(struct actor *a, const uint8_t *at, const uint8_t *data, const uint64_t *offsets)
{
	struct flat_binder_object o;

	memcpy(&o, at, sizeof(o));
	switch (o.hdr.type) {
	case BINDER_TYPE_BINDER:
	case BINDER_TYPE_WEAK_BINDER:
		say(a, " %s %llx:%llx", o.hdr.type == BINDER_TYPE_BINDER ? "binder" : "weak-binder",
		    (unsigned long long)o.binder, (unsigned long long)o.cookie);
		break;
	case BINDER_TYPE_HANDLE:
	case BINDER_TYPE_WEAK_HANDLE:
		say(a, " %s %llu:%llx", o.hdr.type == BINDER_TYPE_HANDLE ? "handle" : "weak-handle",
		    (unsigned long long)o.binder, (unsigned long long)o.cookie);
		break;
	case BINDER_TYPE_FD:
		say(a, " fd %s:%llx", file_of(o.handle), (unsigned long long)o.cookie);
		close((int)o.handle);
		break;
	case BINDER_TYPE_PTR:
		say_bytes(a, at, data, offsets);
		break;
	case BINDER_TYPE_FDA:
		say_files(a, at, data, offsets);
		break;
	default:
		say(a, " object %x", o.hdr.type);
	}
	if (o.flags)
		say(a, "/%x", o.flags);
}

/* The data is where the process sees it; its objects are said as such. */
static void say_transaction(struct actor *a, const struct binder_transaction_data *d, bool call)
{
	const uint8_t *const data = (const uint8_t *)(uintptr_t)d->data.ptr.buffer;
	const uint64_t *const offsets = (const uint64_t *)(uintptr_t)d->data.ptr.offsets;

	a->buffer = d->data.ptr.buffer;
	if (call)
		say(a, " call %llx:%llx", (unsigned long long)d->target.ptr, (unsigned long long)d->cookie);
	else
		say(a, " reply");
	say(a, " code %u flags %x from %s", d->code, d->flags, name_of((uint32_t)d->sender_pid));
	if (d->sender_euid)
		say(a, " user %u", d->sender_euid);
	if (d->data.ptr.buffer < a->mapping || d->data.ptr.buffer - a->mapping + d->data_size > a->mapped)
		say(a, " outside");
	else if (d->offsets_size)
		for (size_t i = 0; i < d->offsets_size / 8; i++)
			say_object(a, data + offsets[i], data, offsets);
	else if (d->data_size > 100)
		say(a, " data of %u bytes", (unsigned int)d->data_size);
	else if (d->data_size)
		say(a, " data %.*s", (int)d->data_size, (const char *)data);
	if (d->data.ptr.offsets != d->data.ptr.buffer + ((d->data_size + 7) & ~7ull))
		say(a, " offsets elsewhere");
}

static const struct {
	uint32_t command;
	const char *name;
	int numbers;
} names[] = {
	{ BR_ERROR, "error", 0 },
	{ BR_OK, "ok", 0 },
	{ BR_DEAD_REPLY, "dead-reply", 0 },
	{ BR_TRANSACTION_COMPLETE, "complete", 0 },
	{ BR_INCREFS, "increfs", 2 },
	{ BR_ACQUIRE, "acquire", 2 },
	{ BR_RELEASE, "release", 2 },
	{ BR_DECREFS, "decrefs", 2 },
	{ BR_NOOP, "noop", 0 },
	{ BR_SPAWN_LOOPER, "spawn", 0 },
	{ BR_DEAD_BINDER, "dead", 1 },
	{ BR_CLEAR_DEATH_NOTIFICATION_DONE, "cleared", 1 },
	{ BR_FAILED_REPLY, "failed-reply", 0 },
	{ BR_FROZEN_REPLY, "frozen-reply", 0 },
	{ TOLD_PENDING_FROZEN, "pending", 0 },
	{ TOLD_FROZEN, "frozen", 2 },
	{ TOLD_FREEZE_CLEARED, "freeze-cleared", 1 },
	{ BR_ONEWAY_SPAM_SUSPECT, "spam", 0 },
};

static void say_all(struct actor *a, const uint8_t *p, size_t n)
{
	const uint8_t *const end = p + n;

	while (end - p >= 4) {
		uint32_t command;
		unsigned int i;

		memcpy(&command, p, sizeof(command));
		p += sizeof(command);
		if (a->text[0])
			say(a, " ");
		if (command == BR_TRANSACTION || command == BR_REPLY) {
			struct binder_transaction_data d;

			memcpy(&d, p, sizeof(d));
			p += sizeof(d);
			a->text[strlen(a->text) - 1] = '\0';
			say_transaction(a, &d, command == BR_TRANSACTION);
			continue;
		}
		for (i = 0; i < sizeof(names) / sizeof(names[0]) && names[i].command != command; i++)
			;
		if (i == sizeof(names) / sizeof(names[0])) {
			say(a, "? %x", command);
			return;
		}
		say(a, "%s", names[i].name);
		for (int k = 0; k < names[i].numbers; k++, p += 8) {
			uint64_t value;

			memcpy(&value, p, sizeof(value));
			say(a, "%c%llx", k ? ':' : ' ', (unsigned long long)value);
		}
	}
	if (p != end)
		say(a, " and %d bytes", (int)(end - p));
}

static void exchange(struct actor *a)
{
	static __thread uint8_t told[4096];
	struct binder_write_read b = {
		.write_size = a->commands_size,
		.write_buffer = (uintptr_t)a->commands,
		.read_size = a->room,
		.read_buffer = (uintptr_t)told,
	};

	memset(told, 0xee, sizeof(told));
	a->err = actor_ioctl(a, BINDER_WRITE_READ, &b);
	a->consumed = b.write_consumed;
	say_all(a, told, b.read_consumed);
	if (a->err)
		say(a, "%serror %d", a->text[0] ? " " : "", a->err);
	if (b.write_consumed != a->commands_size)
		say(a, "%swritten %d", a->text[0] ? " " : "", (int)b.write_consumed);
	/* Nothing is written behind the room. */
	for (size_t i = a->room; i < sizeof(told); i++)
		if (told[i] != 0xee)
			say(a, " overrun at %d", (int)i);
}

static bool is_asleep(uint32_t tid)
{
	char path[64], text[512];
	const char *state;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%u/stat", tid);
	f = fopen(path, "r");
	if (!f)
		return true;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	state = strrchr(text, ')');
	return state && state[2] == 'S';
}

void await_sleep(const struct actor *a)
{
	while (!__atomic_load_n(&a->calls, __ATOMIC_ACQUIRE) || !is_asleep(a->tid))
		sched_yield();
}

/* Through a pipe, to which writing what is gone is an error and no signal. */
static void look(struct actor *a)
{
	char bytes[64];
	int ends[2];

	if (pipe(ends)) {
		say(a, "no pipe");
		return;
	}
	if (write(ends[1], (const void *)(uintptr_t)a->buffer, a->room) != (ssize_t)a->room ||
	    read(ends[0], bytes, a->room) != (ssize_t)a->room)
		say(a, "gone");
	else
		for (size_t i = 0; i < a->room; i++)
			say(a, "%c", bytes[i] ? bytes[i] : '.');
	close(ends[0]);
	close(ends[1]);
}

static void map(struct actor *a)
{
	a->err = actor_map(a, a->room, a->prot, a->flags);
	if (!a->err)
		a->mapped = a->room;
}

/* To where nothing else is. */
static void move(struct actor *a)
{
	void *const from = (void *)(uintptr_t)a->mapping;
	void *const to = mmap(NULL, a->mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	a->err = to == MAP_FAILED || mremap(from, a->mapped, a->mapped, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to ? errno : 0;
	a->moved = (uintptr_t)to;
}

void run(struct actor *a)
{
	switch (a->step) {
	case STEP_OPEN:
		a->err = actor_open(a);
		break;
	case STEP_THREAD:
	case STEP_FORK:
		break;
	case STEP_MAP:
		map(a);
		break;
	case STEP_UNMAP:
		actor_unmap(a);
		a->mapped = 0;
		break;
	case STEP_UNMAP_PART:
		a->err = munmap((void *)(uintptr_t)(a->mapping + a->part), a->room) ? errno : 0;
		break;
	case STEP_MOVE:
		move(a);
		break;
	case STEP_EXCHANGE:
		exchange(a);
		break;
	case STEP_SLEEP:
		a->tid = (uint32_t)syscall(SYS_gettid);
		__atomic_store_n(&a->calls, true, __ATOMIC_RELEASE);
		if (a->ioctl)
			say(a, "ioctl: %d", actor_ioctl(a, a->ioctl, a->argument));
		else
			exchange(a);
		break;
	case STEP_WAKE:
		break;
	case STEP_IOCTL:
		a->err = actor_ioctl(a, a->ioctl, a->pointer ? (void *)(uintptr_t)a->pointer : a->argument);
		break;
	case STEP_POLL:
		say(a, actor_poll(a, a->blocks) ? "something" : "nothing");
		break;
	case STEP_LOOK:
		look(a);
		break;
	case STEP_SHRINK:
		actor_shrink();
		break;
	case STEP_FILES:
		for (uint32_t i = 0; i < a->files_count; i++)
			say(a, fcntl((int)a->files[i], F_GETFD) < 0 ? " closed" : " open");
		break;
	case STEP_FLUSH:
		actor_flush(a);
		break;
	case STEP_DIE:
		actor_close(a);
	}
}
