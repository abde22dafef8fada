// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* See client.h. */
#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static void *pointer(uint64_t address)
{
	return (void *)(uintptr_t)address;
}

/* ---- Parcels ---- */

void parcel_free(struct parcel *p)
{
	if (p->room) {
		free(p->data);
		free(p->offsets);
	}
	*p = (struct parcel){ 0 };
}

static void *put(struct parcel *p, size_t n)
{
	const size_t padded = (n + 3) & ~(size_t)3, need = p->size + padded;
	uint8_t *at;

	if (need > p->room) {
		const size_t room = need < 128 ? 256 : need * 2;
		uint8_t *const data = p->bad ? NULL : realloc(p->data, room);

		if (!data) {
			p->bad = true;
			return NULL;
		}
		p->data = data;
		p->room = room;
	}
	at = p->data + p->size;
	memset(at, 0, padded);
	p->size = need;
	return at;
}

void parcel_put_bytes(struct parcel *p, const void *bytes, size_t n)
{
	void *const at = put(p, n);

	if (at && n)
		memcpy(at, bytes, n);
}

void parcel_put_i32(struct parcel *p, int32_t value)
{
	parcel_put_bytes(p, &value, sizeof(value));
}

void parcel_put_i64(struct parcel *p, int64_t value)
{
	parcel_put_bytes(p, &value, sizeof(value));
}

/* The next character of a UTF-8 string; one that is wrong becomes U+FFFD. */
static uint32_t next_character(const char **text)
{
	const uint8_t *const s = (const uint8_t *)*text;
	const unsigned int more = s[0] < 0x80 ? 0 : s[0] < 0xc2 ? 4 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : s[0] < 0xf5 ? 3 : 4;
	uint32_t c = more ? s[0] & (0x3fu >> more) : s[0];

	for (unsigned int i = 1; i <= more; i++) {
		if (more == 4 || (s[i] & 0xc0) != 0x80) {
			*text += i;
			return 0xfffd;
		}
		c = c << 6 | (s[i] & 0x3f);
	}
	*text += more + 1;
	return (c >= 0xd800 && c < 0xe000) || c > 0x10ffff ? 0xfffd : c;
}

void parcel_put_string16(struct parcel *p, const char *text)
{
	const size_t length_at = p->size;
	int32_t units = 0;
	uint16_t *unit;

	if (!text) {
		parcel_put_i32(p, -1);
		return;
	}
	for (const char *s = text; *s;)
		units += next_character(&s) > 0xffff ? 2 : 1;
	parcel_put_i32(p, units);
	unit = put(p, ((size_t)units + 1) * sizeof(*unit));
	if (!unit) {
		p->size = length_at;
		return;
	}
	while (*text) {
		const uint32_t c = next_character(&text);

		if (c > 0xffff) {
			*unit++ = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
			*unit++ = (uint16_t)(0xdc00 + (c & 0x3ff));
		} else {
			*unit++ = (uint16_t)c;
		}
	}
}

void parcel_put_flat(struct parcel *p, uint32_t type, uint32_t flags, uint64_t value, uint64_t cookie)
{
	struct flat_binder_object o = { .hdr.type = type, .flags = flags, .cookie = cookie };
	/* One more each time: parcels have few objects. */
	uint64_t *const offsets = realloc(p->offsets, (p->objects + 1) * sizeof(*offsets));

	if (!offsets) {
		p->bad = true;
		return;
	}
	o.binder = value;
	p->offsets = offsets;
	offsets[p->objects++] = p->size;
	parcel_put_bytes(p, &o, sizeof(o));
}

void parcel_put_handle(struct parcel *p, uint32_t handle)
{
	parcel_put_flat(p, BINDER_TYPE_HANDLE, FLAT_BINDER_FLAG_ACCEPTS_FDS, handle, 0);
}

void parcel_put_fd(struct parcel *p, int fd)
{
	parcel_put_flat(p, BINDER_TYPE_FD, FLAT_BINDER_FLAG_ACCEPTS_FDS, (uint32_t)fd, 0);
}

void parcel_put_object(struct parcel *p, const struct hfb_object *o)
{
	parcel_put_flat(p, BINDER_TYPE_BINDER, FLAT_BINDER_FLAG_ACCEPTS_FDS, (uintptr_t)o, (uintptr_t)o);
}

const void *parcel_get_bytes(struct parcel *p, size_t n)
{
	const void *const at = p->data + p->at;
	const size_t padded = (n + 3) & ~(size_t)3;

	if (p->bad || n > p->size - p->at) {
		p->bad = true;
		return NULL;
	}
	p->at = padded > p->size - p->at ? p->size : p->at + padded;
	return at;
}

int32_t parcel_get_i32(struct parcel *p)
{
	const void *const at = parcel_get_bytes(p, sizeof(int32_t));
	int32_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

int64_t parcel_get_i64(struct parcel *p)
{
	const void *const at = parcel_get_bytes(p, sizeof(int64_t));
	int64_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

char *parcel_get_string16(struct parcel *p)
{
	const int32_t units = parcel_get_i32(p);
	const uint16_t *from;
	char *text, *to;

	if (p->bad || units == -1)
		return NULL;
	if (units < 0 || (size_t)units >= p->size) {
		p->bad = true;
		return NULL;
	}
	from = parcel_get_bytes(p, ((size_t)units + 1) * sizeof(*from));
	text = from ? malloc((size_t)units * 3 + 1) : NULL;
	if (!text) {
		p->bad = true;
		return NULL;
	}
	to = text;
	for (int32_t i = 0; i < units; i++) {
		uint32_t c = from[i];

		if (c >= 0xd800 && c < 0xdc00 && from[i + 1] >= 0xdc00 && from[i + 1] < 0xe000)
			c = 0x10000 + ((c - 0xd800) << 10) + (from[++i] - 0xdc00u);
		to = put_utf8(to, c);
	}
	*to = '\0';
	return text;
}

bool parcel_get_flat(struct parcel *p, struct flat_binder_object *o)
{
	const size_t at = p->at;
	const void *const bytes = parcel_get_bytes(p, sizeof(*o));
	bool known = false;

	memset(o, 0, sizeof(*o));
	if (!bytes)
		return false;
	memcpy(o, bytes, sizeof(*o));
	for (size_t i = 0; i < p->objects; i++)
		known |= p->offsets[i] == at;
	/* The null object is not one of the driver's. */
	if (!known && (o->binder || o->cookie))
		p->bad = true;
	return !p->bad;
}

void parcel_put_header(struct parcel *p, enum aidl aidl, const char *interface)
{
	parcel_put_i32(p, AIDL_STRICT_MODE);
	if (aidl >= AIDL_2)
		parcel_put_i32(p, AIDL_NO_WORK_SOURCE);
	if (aidl >= AIDL_3)
		parcel_put_i32(p, AIDL_SYST);
	parcel_put_string16(p, interface);
}

enum aidl parcel_get_header(struct parcel *p, char **interface)
{
	enum aidl aidl = AIDL_1;
	size_t at;

	parcel_get_i32(p);
	at = p->at;
	if (parcel_get_i32(p) == AIDL_NO_WORK_SOURCE) {
		aidl = AIDL_2;
		at = p->at;
		if (parcel_get_i32(p) == AIDL_SYST) {
			aidl = AIDL_3;
			at = p->at;
		}
	}
	p->at = at;
	*interface = parcel_get_string16(p);
	return *interface ? aidl : 0;
}

/* ---- Devices ---- */

static int fails(struct hfb *b, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int fails(struct hfb *b, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(b->error, sizeof(b->error), format, args);
	va_end(args);
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
	return err;
}

static int fails_to_open(struct hfb *b, const char *path, int err)
{
	switch (err) {
	case ENOENT:
		return fails(b, -err, "%s: there is no such file; load a driver (`modprobe binder_linux devices=binder`, `insmod hf_binder.ko`) or start `hfbinder serve %s`",
			     path, path);
	case EACCES:
	case EPERM:
		return fails(b, -err, "%s: permission denied; only root may open the driver's devices, unless a udev rule says else",
			     path);
	case ENXIO:
	case ECONNREFUSED:
		return fails(b, -err, "%s: no server is there; start `hfbinder serve %s`, and give other programs LD_PRELOAD=libhfbinder.so",
			     path, path);
	default:
		return fails(b, -err, "%s: %s", path, strerror(err));
	}
}

int hfb_open(struct hfb *b, const char *path)
{
	struct binder_version version;

	*b = (struct hfb){ .map_size = HFB_MAP_SIZE };
	b->fd = open(path, O_RDWR | O_CLOEXEC);
	if (b->fd < 0)
		return fails_to_open(b, path, errno);
	if (ioctl(b->fd, BINDER_VERSION, &version)) {
		const int err = errno;

		if (err == ENOTTY || err == EINVAL)
			return fails(b, -err, "%s: this is no binder device", path);
		return fails(b, -err, "%s: the version of its protocol: %s", path, strerror(err));
	}
	if (version.protocol_version != BINDER_CURRENT_PROTOCOL_VERSION)
		return fails(b, -EPROTO, "%s: its protocol has version %d; this program speaks %d", path,
			     version.protocol_version, BINDER_CURRENT_PROTOCOL_VERSION);
	b->map = mmap(NULL, b->map_size, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, b->fd, 0);
	if (b->map == MAP_FAILED)
		return fails(b, -errno, "%s: mmap() of %zu bytes: %s", path, b->map_size, strerror(errno));
	return 0;
}

void hfb_close(struct hfb *b)
{
	munmap(b->map, b->map_size);
	close(b->fd);
	b->fd = -1;
}

int hfb_become_manager(struct hfb *b, struct hfb_object *o)
{
	struct flat_binder_object flat = { .flags = FLAT_BINDER_FLAG_ACCEPTS_FDS };

	if (ioctl(b->fd, BINDER_SET_CONTEXT_MGR_EXT, &flat))
		return -errno;
	b->manager = o;
	return 0;
}

int hfb_write_read(struct hfb *b, const void *commands, size_t commands_size, void *read, size_t read_size,
		   size_t *consumed, size_t *got)
{
	struct binder_write_read wr = {
		.write_size = commands_size,
		.write_buffer = (uintptr_t)commands,
		.read_size = read_size,
		.read_buffer = (uintptr_t)read,
	};
	const int err = ioctl(b->fd, BINDER_WRITE_READ, &wr) ? -errno : 0;

	*consumed = wr.write_consumed;
	*got = wr.read_consumed;
	return err;
}

/* ---- Threads ---- */

void hfb_thread_init(struct hfb_thread *t, struct hfb *b)
{
	t->b = b;
	t->out_size = t->in_size = t->in_at = 0;
	t->enters = false;
}

/* Write, and read if nothing is left of what was read. */
static int talk(struct hfb_thread *t, bool reads)
{
	size_t consumed, got;
	int err;

	reads = reads && t->in_at == t->in_size;
	if (!t->out_size && !reads)
		return 0;
	err = hfb_write_read(t->b, t->out, t->out_size, t->in, reads ? sizeof(t->in) : 0, &consumed, &got);
	/* What the driver refuses is not written again. */
	t->out_size = err && err != -EINTR && err != -EAGAIN ? 0 : t->out_size - consumed;
	memmove(t->out, t->out + consumed, t->out_size);
	if (reads) {
		t->in_at = 0;
		t->in_size = err ? 0 : got;
	}
	return err;
}

int hfb_flush(struct hfb_thread *t)
{
	int err = 0;

	while (t->out_size && !err)
		err = talk(t, false);
	return err;
}

void hfb_thread_end(struct hfb_thread *t)
{
	if (t->enters)
		hfb_put(t, BC_EXIT_LOOPER, NULL);
	hfb_flush(t);
	ioctl(t->b->fd, BINDER_THREAD_EXIT, 0);
}

void hfb_put(struct hfb_thread *t, uint32_t command, const void *argument)
{
	if (sizeof(t->out) - t->out_size < sizeof(command) + _IOC_SIZE(command))
		hfb_flush(t);
	memcpy(t->out + t->out_size, &command, sizeof(command));
	t->out_size += sizeof(command);
	if (_IOC_SIZE(command))
		memcpy(t->out + t->out_size, argument, _IOC_SIZE(command));
	t->out_size += _IOC_SIZE(command);
}

void hfb_acquire(struct hfb_thread *t, uint32_t handle)
{
	hfb_put(t, BC_INCREFS, &handle);
	hfb_put(t, BC_ACQUIRE, &handle);
}

void hfb_release(struct hfb_thread *t, uint32_t handle)
{
	hfb_put(t, BC_RELEASE, &handle);
	hfb_put(t, BC_DECREFS, &handle);
}

void hfb_request_death(struct hfb_thread *t, uint32_t handle, uint64_t cookie)
{
	const struct binder_handle_cookie c = { .handle = handle, .cookie = cookie };

	hfb_put(t, BC_REQUEST_DEATH_NOTIFICATION, &c);
}

void hfb_clear_death(struct hfb_thread *t, uint32_t handle, uint64_t cookie)
{
	const struct binder_handle_cookie c = { .handle = handle, .cookie = cookie };

	hfb_put(t, BC_CLEAR_DEATH_NOTIFICATION, &c);
}

void hfb_free_buffer(struct hfb_thread *t, struct parcel *p)
{
	const uint64_t address = (uintptr_t)p->data;

	if (p->data)
		hfb_put(t, BC_FREE_BUFFER, &address);
	*p = (struct parcel){ 0 };
}

static void put_transaction(struct hfb_thread *t, uint32_t command, uint32_t handle, uint32_t code, uint32_t flags,
			    const struct parcel *p)
{
	struct binder_transaction_data d = {
		.target.handle = handle,
		.code = code,
		.flags = flags,
		.data_size = p->size,
		.offsets_size = p->objects * sizeof(*p->offsets),
	};

	d.data.ptr.buffer = (uintptr_t)p->data;
	d.data.ptr.offsets = (uintptr_t)p->offsets;
	hfb_put(t, command, &d);
}

static struct parcel received(const struct binder_transaction_data *d)
{
	return (struct parcel){
		.data = pointer(d->data.ptr.buffer),
		.size = d->data_size,
		.offsets = pointer(d->data.ptr.offsets),
		.objects = d->offsets_size / sizeof(uint64_t),
	};
}

/* ---- What the driver tells ---- */

/* What a call waits for. */
struct awaited {
	struct parcel *reply;	/* NULL: nobody wants it */
	bool oneway;		/* it is enough that the driver has it */
	bool done;
	int err;
};

static int await(struct hfb_thread *t, struct awaited *a);

static int answer(struct hfb_thread *t, uint32_t flags, const struct parcel *p)
{
	struct awaited a = { .oneway = true };

	put_transaction(t, BC_REPLY, 0, 0, flags, p);
	/* That nobody waits for the answer any more is no error of this process. */
	return await(t, &a);
}

static int serve_call(struct hfb_thread *t, const struct binder_transaction_data *d)
{
	struct hfb_object *const o = d->target.ptr ? pointer(d->target.ptr) : t->b->manager;
	struct parcel in = received(d), reply = { 0 };
	int32_t status;
	int err = 0;

	status = !o ? -EINVAL : d->code == HFB_PING ? 0 : o->call(t, o, d, &in, &reply);
	hfb_free_buffer(t, &in);
	if (!status && reply.bad)
		status = -ENOMEM;
	if (!(d->flags & TF_ONE_WAY)) {
		const struct parcel failure = { .data = (uint8_t *)&status, .size = sizeof(status) };

		err = answer(t, status ? TF_STATUS_CODE : 0, status ? &failure : &reply);
	}
	parcel_free(&reply);
	return err;
}

static void *serving_thread(void *b)
{
	const uint32_t registers = BC_REGISTER_LOOPER;
	struct hfb_thread t;

	hfb_thread_init(&t, b);
	hfb_put(&t, registers, NULL);
	t.enters = true;
	while (!hfb_step(&t))
		;
	hfb_thread_end(&t);
	return NULL;
}

static void spawn(struct hfb *b)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	/* Without one more thread, calls wait longer. */
	(void)pthread_create(&thread, &attributes, serving_thread, b);
	pthread_attr_destroy(&attributes);
}

static void ends(struct awaited *a, int err)
{
	if (a) {
		a->done = true;
		a->err = err;
	}
}

static void take_reply(struct hfb_thread *t, struct awaited *a, const struct binder_transaction_data *d)
{
	struct parcel p = received(d);

	if (d->flags & TF_STATUS_CODE) {
		const int32_t status = parcel_get_i32(&p);

		p.status = status ? status : -EPROTO;
	}
	if (a && a->reply)
		*a->reply = p;
	else
		hfb_free_buffer(t, &p);
	ends(a, 0);
}

/* Counts of a local object: the driver wants an answer to the first two. */
static void count(struct hfb_thread *t, uint32_t command, const struct binder_ptr_cookie *c)
{
	struct hfb_object *const o = pointer(c->ptr);

	switch (command) {
	case BR_INCREFS:
	case BR_ACQUIRE:
		if (o)
			__atomic_store_n(command == BR_ACQUIRE ? &o->strong : &o->weak, 1, __ATOMIC_RELAXED);
		hfb_put(t, command == BR_ACQUIRE ? BC_ACQUIRE_DONE : BC_INCREFS_DONE, c);
		break;
	default:
		if (o)
			__atomic_store_n(command == BR_RELEASE ? &o->strong : &o->weak, 0, __ATOMIC_RELAXED);
	}
}

static int obey(struct hfb_thread *t, uint32_t command, const uint8_t *argument, struct awaited *a)
{
	struct binder_transaction_data d;
	struct binder_ptr_cookie c;
	uint64_t cookie;

	switch (command) {
	case BR_NOOP:
	case BR_OK:
	case BR_CLEAR_DEATH_NOTIFICATION_DONE:
	case BR_ONEWAY_SPAM_SUSPECT:
		return 0;
	case BR_TRANSACTION_COMPLETE:
		if (a && a->oneway)
			ends(a, 0);
		return 0;
	case BR_TRANSACTION:
		memcpy(&d, argument, sizeof(d));
		return serve_call(t, &d);
	case BR_REPLY:
		memcpy(&d, argument, sizeof(d));
		take_reply(t, a, &d);
		return 0;
	case BR_DEAD_REPLY:
	case BR_FROZEN_REPLY:
		ends(a, -EPIPE);
		return 0;
	case BR_FAILED_REPLY:
		ends(a, -ECOMM);
		return 0;
	case BR_INCREFS:
	case BR_ACQUIRE:
	case BR_RELEASE:
	case BR_DECREFS:
		memcpy(&c, argument, sizeof(c));
		count(t, command, &c);
		return 0;
	case BR_SPAWN_LOOPER:
		spawn(t->b);
		return 0;
	case BR_DEAD_BINDER:
		memcpy(&cookie, argument, sizeof(cookie));
		/* First, as the callback may release the handle, with which the driver would forget what it told. */
		hfb_put(t, BC_DEAD_BINDER_DONE, &cookie);
		if (t->b->died)
			t->b->died(t, cookie);
		return 0;
	default:
		return -EPROTO;
	}
}

/* Do what was read, until @a is done. */
static int obey_all(struct hfb_thread *t, struct awaited *a)
{
	while (t->in_size - t->in_at >= sizeof(uint32_t) && !(a && a->done)) {
		const uint8_t *const at = t->in + t->in_at;
		uint32_t command;
		int err;

		memcpy(&command, at, sizeof(command));
		if (t->in_size - t->in_at < sizeof(command) + _IOC_SIZE(command))
			return -EPROTO;
		t->in_at += sizeof(command) + _IOC_SIZE(command);
		err = obey(t, command, at + sizeof(command), a);
		if (err)
			return err;
	}
	return 0;
}

static int step(struct hfb_thread *t, struct awaited *a)
{
	const int err = talk(t, true);

	return err == -EINTR ? 0 : err ? err : obey_all(t, a);
}

int hfb_step(struct hfb_thread *t)
{
	return step(t, NULL);
}

static int await(struct hfb_thread *t, struct awaited *a)
{
	int err = 0;

	while (!a->done && !err)
		err = step(t, a);
	return err;
}

int hfb_call(struct hfb_thread *t, uint32_t handle, uint32_t code, uint32_t flags, const struct parcel *send,
	     struct parcel *reply)
{
	struct awaited a = { .reply = reply, .oneway = flags & TF_ONE_WAY };
	int err;

	if (reply)
		*reply = (struct parcel){ 0 };
	if (send->bad)
		return -EINVAL;
	put_transaction(t, BC_TRANSACTION, handle, code, flags | TF_ACCEPT_FDS, send);
	err = await(t, &a);
	return err ? err : a.err;
}

int hfb_serve(struct hfb_thread *t, uint32_t threads)
{
	int err;

	if (ioctl(t->b->fd, BINDER_SET_MAX_THREADS, &threads))
		return -errno;
	hfb_put(t, BC_ENTER_LOOPER, NULL);
	t->enters = true;
	do
		err = hfb_step(t);
	while (!err);
	return err;
}

/* ---- The service manager ---- */

int hfb_find_service(struct hfb_thread *t, enum aidl aidl, const char *name, uint32_t *handle)
{
	struct parcel send = { 0 }, reply;
	struct flat_binder_object o;
	int err;

	parcel_put_header(&send, aidl, MANAGER_INTERFACE);
	parcel_put_string16(&send, name);
	err = hfb_call(t, 0, MANAGER_CHECK, 0, &send, &reply);
	parcel_free(&send);
	if (err)
		return err;
	err = reply.status;
	if (!err && aidl >= AIDL_3)
		err = parcel_get_i32(&reply);
	if (!err && !parcel_get_flat(&reply, &o))
		err = -EPROTO;
	if (!err && o.hdr.type != BINDER_TYPE_HANDLE)
		err = -ENOENT;
	if (!err) {
		*handle = o.handle;
		hfb_acquire(t, o.handle);
	}
	hfb_free_buffer(t, &reply);
	return err;
}

int hfb_add_service(struct hfb_thread *t, enum aidl aidl, const char *name, const struct hfb_object *o)
{
	struct parcel send = { 0 }, reply;
	int err;

	parcel_put_header(&send, aidl, MANAGER_INTERFACE);
	parcel_put_string16(&send, name);
	parcel_put_object(&send, o);
	if (aidl >= AIDL_3)
		parcel_put_i32(&send, AIDL_STABILITY_SYSTEM);
	parcel_put_i32(&send, 0);		/* not for isolated processes */
	parcel_put_i32(&send, MANAGER_DUMP_DEFAULT);
	err = hfb_call(t, 0, MANAGER_ADD, 0, &send, &reply);
	parcel_free(&send);
	if (err)
		return err;
	err = reply.status ? reply.status : parcel_get_i32(&reply);
	hfb_free_buffer(t, &reply);
	return err;
}
