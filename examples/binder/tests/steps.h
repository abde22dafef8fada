/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The words that exchanges are written in. */
#ifndef EXAMPLES_BINDER_STEPS_H
#define EXAMPLES_BINDER_STEPS_H

#include <linux/android/binder.h>

#include "exchange.h"

/* What the headers of older kernels lack. */
#define TOLD_PENDING_FROZEN	_IO('r', 20)
#define TOLD_FROZEN		_IOR('r', 21, uint64_t[2])
#define TOLD_FREEZE_CLEARED	_IOR('r', 22, uint64_t)
#define ASKS_FOR_FREEZE		_IOW('c', 19, struct binder_handle_cookie)
#define CLEARS_FREEZE		_IOW('c', 20, struct binder_handle_cookie)
#define KNOWS_FREEZE		_IOW('c', 21, uint64_t)

/* A new process, which has opened the device and mapped MAPPED bytes. */
struct actor *actor(const char *name);
/* The same, but it maps nothing. */
struct actor *actor_unmapped(const char *name);
/* The same as actor(), of the other device. */
struct actor *actor_elsewhere(const char *name);
/* One more thread of its process. */
struct actor *thread(struct actor *process, const char *name);
/* A child of a process, which has no memory of the device. */
struct actor *forks(struct actor *parent, const char *name);
/* One more thread, and it has opened the device itself. */
struct actor *opens_again(struct actor *process, const char *name);
/* The same, of the other device. */
struct actor *opens_elsewhere(struct actor *process, const char *name);
void maps(struct actor *a, size_t size, int err);
void maps_as(struct actor *a, size_t size, int prot, int flags, int err);
void unmaps(struct actor *a);
void unmaps_part(struct actor *a, uint64_t offset, size_t size);
/* What it has mapped is elsewhere from now on, as is the buffer that it looks at. */
void moves(struct actor *a);
/* The driver gives back what nobody uses, of all processes; that is a step of @a. */
void shrinks(struct actor *a);
/* It closes a descriptor of the device, of which it has another. */
void flushes(struct actor *a);
/* Its process ends, without a word, and all that follows of it is done. */
void dies(struct actor *a);
/* It waits until it has something to read. */
void waits(struct actor *a);
/* poll() says that it has nothing, or something, to read. */
#define has_nothing(a)			polls_(__FILE__, __LINE__, a, "nothing")
#define has_something(a)		polls_(__FILE__, __LINE__, a, "something")
void polls_(const char *file, int line, struct actor *a, const char *expected);
/* What there is now where it was told of a transaction, also when it has freed that; or "gone". */
#define sees(a, bytes)			sees_(__FILE__, __LINE__, a, bytes)
void sees_(const char *file, int line, struct actor *a, const char *bytes);

/* Which of the descriptors that came among bytes it still has. */
#define files_are(a, expected)		files_are_(__FILE__, __LINE__, a, expected)
void files_are_(const char *file, int line, struct actor *a, const char *expected);

void manages(struct actor *a);
void enters(struct actor *a);
/* A manager "m" in its loop, and a client "c". */
extern struct actor *m, *c;
void meet(void);
/* "m" gets a strong handle of a node of @from's, whose cookie is one more. */
void gives(struct actor *from, uint64_t ptr, uint32_t becomes);
/* "m" passes a handle on in an answer: @to gets it as @becomes. */
void passes(uint32_t handle, struct actor *to, uint32_t becomes);

/* What it writes in its next step. */
void put32(struct actor *a, uint32_t value);
void put64(struct actor *a, uint64_t value);
void put_bytes(struct actor *a, const void *bytes, size_t n);
void *room(struct actor *a, size_t n);
void sends(struct actor *a, uint32_t command, uint32_t handle, uint32_t code, uint32_t flags, const void *data, size_t size,
	   const uint64_t *offsets, size_t count);
void calls(struct actor *a, uint32_t handle, uint32_t code, const char *text);
void tells(struct actor *a, uint32_t handle, uint32_t code, const char *text);		/* one-way */
void answers(struct actor *a, const char *text);
void send_object(struct actor *a, uint32_t command, uint32_t handle, uint32_t code, uint32_t type, uint64_t value,
		 uint64_t cookie);
void counts(struct actor *a, uint32_t command, uint32_t handle);
void acknowledges(struct actor *a, uint32_t command, uint64_t ptr, uint64_t cookie);
void asks_for_death(struct actor *a, uint32_t command, uint32_t handle, uint64_t cookie);
void frees(struct actor *a);		/* the buffer that it was told of last */
void frees_at(struct actor *a, uint64_t address);

/* It writes what was said, and reads @expected, into room for @size bytes.  It does not wait. */
#define does(a, expected)		does_(__FILE__, __LINE__, a, 256, false, expected)
#define does_in(a, size, expected)	does_(__FILE__, __LINE__, a, size, false, expected)
/* It reads whatever there is. */
#define reads(a)			does_(__FILE__, __LINE__, a, 256, false, NULL)
/* A thread writes what was said, and sleeps until it has something to read; that wakes() expects. */
void sleeps(struct actor *a);
/* The same, in an ioctl; wakes() expects "ioctl: " and its error, or 0. */
void sleeps_in(struct actor *a, unsigned int command, const void *argument, size_t size);
#define wakes(a, expected)		wakes_(__FILE__, __LINE__, a, expected)
void wakes_(const char *file, int line, struct actor *a, const char *expected);
/* It writes only. */
#define writes(a)			does_(__FILE__, __LINE__, a, 0, false, "")
void does_(const char *file, int line, struct actor *a, size_t size, bool blocks, const char *expected);

/* An ioctl, with its argument; @err is positive, or 0. */
#define controls(a, command, argument, err) \
	controls_(__FILE__, __LINE__, a, command, argument, sizeof(*(argument)), err)
void controls_(const char *file, int line, struct actor *a, unsigned int command, void *argument, size_t size, int err);
/* An ioctl with any pointer. */
#define controls_at(a, command, pointer, err) controls_at_(__FILE__, __LINE__, a, command, pointer, err)
void controls_at_(const char *file, int line, struct actor *a, unsigned int command, uint64_t pointer, int err);
/* What it last did failed so, as BINDER_GET_EXTENDED_ERROR says. */
#define has_failed(a, command, err)	has_failed_(__FILE__, __LINE__, a, command, err)
void has_failed_(const char *file, int line, struct actor *a, uint32_t command, int err);

#define expect(a, expected, found)	expect_(__FILE__, __LINE__, a, expected, found)
void expect_(const char *file, int line, const struct actor *a, uint64_t expected, uint64_t found);

#endif
