/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A client of a binder device, on the interface of <linux/android/binder.h>: without Holdfast, so that `cc *.c` builds
 * it for any machine.
 *
 *	struct hfb b;
 *	struct hfb_thread t;
 *	struct parcel send = { 0 }, reply;
 *
 *	if (hfb_open(&b, "/dev/hf-binder"))
 *		return puts(b.error);
 *	hfb_thread_init(&t, &b);
 *	parcel_put_i32(&send, 7);
 *	if (!hfb_call(&t, 0, HFB_PING, 0, &send, &reply))
 *		hfb_free_buffer(&t, &reply);
 *
 * Functions that return an int return 0 or a negative errno.
 */
#ifndef EXAMPLES_BINDER_CLIENT_H
#define EXAMPLES_BINDER_CLIENT_H

#include <linux/android/binder.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Parcels: the data of a transaction ---- */

struct parcel {
	uint8_t *data;
	size_t size;
	size_t room;		/* 0: what was received, in the mapping */
	uint64_t *offsets;	/* of the objects */
	size_t objects;
	size_t at;		/* what is read next */
	bool bad;		/* there was no memory for it, or not what was to be read.  It is not sent */
	int32_t status;		/* of a reply: a negative number that it has instead of data, or 0 */
};

/* For all but those that were received: hfb_free_buffer(). */
void parcel_free(struct parcel *p);

void parcel_put_i32(struct parcel *p, int32_t value);
void parcel_put_i64(struct parcel *p, int64_t value);
/* Each is filled up with zeros to a multiple of 4 bytes. */
void parcel_put_bytes(struct parcel *p, const void *bytes, size_t n);
/* A UTF-8 string, as AIDL sends it: its length, and UTF-16 with a zero.  NULL: the null string. */
void parcel_put_string16(struct parcel *p, const char *text);
void parcel_put_handle(struct parcel *p, uint32_t handle);
void parcel_put_fd(struct parcel *p, int fd);
/* Any object with the layout of a flat_binder_object. */
void parcel_put_flat(struct parcel *p, uint32_t type, uint32_t flags, uint64_t value, uint64_t cookie);

/* Zeros if it is not there, and the parcel is bad. */
int32_t parcel_get_i32(struct parcel *p);
int64_t parcel_get_i64(struct parcel *p);
const void *parcel_get_bytes(struct parcel *p, size_t n);
/* In UTF-8, to be freed; NULL if it is null or not there. */
char *parcel_get_string16(struct parcel *p);
/* An object, which must be one of the parcel's. */
bool parcel_get_flat(struct parcel *p, struct flat_binder_object *o);

/*
 * What is before the arguments of AIDL.  libgbinder calls them aidl (the flags of strict mode, the interface), aidl2
 * (with the work source) and aidl3 (with 'SYST'; an object is followed by its stability).
 */
enum aidl { AIDL_1 = 1, AIDL_2, AIDL_3 };
#define AIDL_STRICT_MODE	(0x40 << 16)
#define AIDL_NO_WORK_SOURCE	(-1)
#define AIDL_SYST		B_PACK_CHARS('S', 'Y', 'S', 'T')
#define AIDL_STABILITY_SYSTEM	0x0c

void parcel_put_header(struct parcel *p, enum aidl aidl, const char *interface);
/* Which of them it is; the name of the interface is to be freed.  0: none of them. */
enum aidl parcel_get_header(struct parcel *p, char **interface);

/* ---- Devices ---- */

struct hfb_thread;

/* An object of this process, which others call.  It is where it is until the process ends. */
struct hfb_object {
	/*
	 * Answer a call: 0 and a reply, or a negative status.  @in ends with the call.  A one-way call has no reply.
	 */
	int (*call)(struct hfb_thread *t, struct hfb_object *o, const struct binder_transaction_data *txn,
		    struct parcel *in, struct parcel *reply);
	void *data;			/* the user's */
	uint32_t strong, weak;		/* whether the driver has such references of others: 0 or 1 */
};
void parcel_put_object(struct parcel *p, const struct hfb_object *o);

#define HFB_MAP_SIZE	((1u << 20) - 2 * 4096)		/* as libbinder's */

struct hfb {
	int fd;
	void *map;
	size_t map_size;
	struct hfb_object *manager;		/* that of hfb_become_manager() */
	/* Somebody whose death was asked for is dead; the driver is told that this is known. */
	void (*died)(struct hfb_thread *t, uint64_t cookie);
	void *data;				/* the user's */
	char error[256];			/* what hfb_open() found, and what to do about it */
};

/* @b: whatever is in it.  -EPROTO: the device has another version of the protocol. */
int hfb_open(struct hfb *b, const char *path);
void hfb_close(struct hfb *b);
/* -EBUSY: there is one; -EPERM: only another user may be it. */
int hfb_become_manager(struct hfb *b, struct hfb_object *o);

/* One system call.  NULL: nothing is written, or read. */
int hfb_write_read(struct hfb *b, const void *commands, size_t commands_size, void *read, size_t read_size,
		   size_t *consumed, size_t *got);

/* ---- Threads: each has its own, as the driver knows them apart ---- */

struct hfb_thread {
	struct hfb *b;
	uint8_t out[4096];			/* commands that are not written yet */
	size_t out_size;
	uint8_t in[4096];			/* what was read, and is not done yet */
	size_t in_size, in_at;
	bool enters;				/* it tells the driver so when it ends */
};

void hfb_thread_init(struct hfb_thread *t, struct hfb *b);
/* BINDER_THREAD_EXIT, which the driver wants of each thread that ends. */
void hfb_thread_end(struct hfb_thread *t);

/* Commands are written with the next call, or by hfb_flush(). */
void hfb_put(struct hfb_thread *t, uint32_t command, const void *argument);
int hfb_flush(struct hfb_thread *t);
void hfb_acquire(struct hfb_thread *t, uint32_t handle);
void hfb_release(struct hfb_thread *t, uint32_t handle);
void hfb_request_death(struct hfb_thread *t, uint32_t handle, uint64_t cookie);
void hfb_clear_death(struct hfb_thread *t, uint32_t handle, uint64_t cookie);
/* Of a parcel that was received. */
void hfb_free_buffer(struct hfb_thread *t, struct parcel *p);

#define HFB_PING	B_PACK_CHARS('_', 'P', 'N', 'G')

/*
 * hfb_call() - call a handle, and wait for the answer.  Calls to this process are served meanwhile.
 *
 * @flags: 0, or TF_ONE_WAY: then there is no answer.  @reply: NULL if nobody wants it.
 *
 * -EPIPE: whom it calls is dead.  -ECOMM: the driver refused it.  -EINVAL: @send is bad.  Else the reply must be freed
 * by hfb_free_buffer(), also one with a status.
 */
int hfb_call(struct hfb_thread *t, uint32_t handle, uint32_t code, uint32_t flags, const struct parcel *send,
	     struct parcel *reply);

/* Write what is to be written, wait, and do what was read. */
int hfb_step(struct hfb_thread *t);
/* Serve calls until there is an error; the process starts @threads more when the driver asks for them. */
int hfb_serve(struct hfb_thread *t, uint32_t threads);

/* ---- The service manager of AIDL ---- */

#define MANAGER_INTERFACE	"android.os.IServiceManager"
enum { MANAGER_GET = 1, MANAGER_CHECK, MANAGER_ADD, MANAGER_LIST };
#define MANAGER_DUMP_ALL	0x0f
#define MANAGER_DUMP_DEFAULT	0x08

/* -ENOENT: it knows no such service.  The handle is acquired. */
int hfb_find_service(struct hfb_thread *t, enum aidl aidl, const char *name, uint32_t *handle);
int hfb_add_service(struct hfb_thread *t, enum aidl aidl, const char *name, const struct hfb_object *o);

#endif
