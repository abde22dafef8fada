// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The exchanges of exchange.h in userspace: each actor is an open file, and the calls of a process come from it. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/android/binder.h>

#include "../binder.h"
#include "exchange.h"
#include "exchanges.h"
#include "host.h"

#define NODE	"hf-binder-test"
#define NODE2	NODE "2"

static struct actor actors[ACTORS];

/* Of one that could not open the device: its other calls fail, too. */
static const char no_file;

static bool is_open(const struct actor *a)
{
	return a->file != &no_file;
}

int actor_open(struct actor *a)
{
	struct hf_user_file *f;
	const int err = hf_user_open(a->elsewhere ? NODE2 : NODE, O_RDWR | O_NONBLOCK, &f);

	a->file = err ? (void *)(uintptr_t)&no_file : f;
	return -err;
}

int actor_map(struct actor *a, size_t size, int prot, int flags)
{
	void *p;
	const int err = is_open(a) ? hf_user_mmap(a->file, size, prot, flags, 0, &p) : -EBADF;

	if (!err)
		a->mapping = (u64)(unsigned long)p;
	return -err;
}

void actor_unmap(struct actor *a)
{
	if (a->mapped)
		hf_user_munmap((void *)(unsigned long)a->mapping);
}

void actor_shrink(void)
{
	(void)hf_user_shrink();
}

int actor_ioctl(struct actor *a, unsigned int command, void *argument)
{
	return is_open(a) ? -hf_user_ioctl(a->file, command, argument) : EBADF;
}

bool actor_poll(struct actor *a, bool waits)
{
	/* What a process does is done when its call returns. */
	(void)waits;
	return is_open(a) && hf_user_poll(a->file, EPOLLIN, 0);
}

void actor_flush(struct actor *a)
{
	hf_user_flush(a->file);
}

void actor_close(struct actor *a)
{
	actor_unmap(a);
	if (is_open(a))
		hf_user_close(a->file);
}

static void run_as(struct actor *a)
{
	host_tid = (u32)(a - actors) + 1;
	host_pid = (u32)(a->process - actors) + 1;
	a->pid = host_pid;
	run(a);
}

static void *sleep_as(void *a)
{
	run_as(a);
	return NULL;
}

static void act(struct actor *a)
{
	static pthread_t sleepers[ACTORS];
	pthread_t *const sleeper = &sleepers[a - actors];

	switch (a->step) {
	case STEP_SLEEP:
		hf_user_set_nonblocking(a->file, false);
		HF_EXPECT_EQ(pthread_create(sleeper, NULL, sleep_as, a), 0);
		await_sleep(a);
		hf_user_set_nonblocking(a->file, true);
		break;
	case STEP_WAKE:
		pthread_join(*sleeper, NULL);
		break;
	case STEP_DIE:
		for (struct actor *t = actors; t < actors + ACTORS; t++)
			if (t != a && t->process == a && t->file != a->file)
				actor_close(t);
		run_as(a);
		break;
	default:
		run_as(a);
	}
}

static void differs(const char *file, int line, const char *actor, const char *expected, const char *found)
{
	hf_test_fail_(file, line, "%s: expected: %s; found: %s", actor, expected, found);
}

static void plays(const char *name)
{
	static const struct stage stage = { .act = act, .differs = differs };

	for (size_t i = 0; i < exchange_count; i++) {
		if (strcmp(exchanges[i].name, name))
			continue;
		hf_let(binder_device, device, hf_expect(binder_bind(NODE, NULL), "the name is free"));
		hf_let(binder_device, other, hf_expect(binder_bind(NODE2, hf_ref(device)), "the name is free"));
		play(&exchanges[i], &stage, actors);
	}
}

#define TEST_OF(name)	HF_TEST(binder, name) { plays(#name); }
EXCHANGES(TEST_OF)

/* ---- What a process may do for ever ---- */

/* A process that has each thread end after a poll() takes no memory for them. */
HF_TEST(binder, threads_that_poll_and_exit)
{
	s32 none = 0;
	size_t live = 0;
	struct hf_user_file *f;
	hf_let(binder_device, device, hf_expect(binder_bind(NODE, NULL), "the name is free"));

	HF_ASSERT(!hf_user_open(NODE, O_RDWR, &f));
	for (int i = 0; i < 10; i++) {
		HF_EXPECT_EQ(hf_user_poll(f, EPOLLIN, 0), EPOLLIN);
		HF_EXPECT_EQ(hf_user_ioctl(f, BINDER_THREAD_EXIT, &none), 0);
		live = i ? live : hf_test_live();
	}
	HF_EXPECT_EQ(hf_test_live(), live);
	hf_user_close(f);
}

/* ---- Without memory ---- */

/* An exchange goes on when a step gives an error, so its next steps find what they do not expect: errors that there are. */
static void differs_without_memory(const char *file, int line, const char *actor, const char *expected, const char *found)
{
	static const char *const never[] = { "?", "overrun", "outside", "elsewhere", "ioctl: 14", "error 14" };

	for (size_t i = 0; i < HF_TEST_COUNT(never); i++)
		if (strstr(found, never[i]) && !strstr(expected, never[i]))
			differs(file, line, actor, expected, found);
}

/* Each allocation fails once.  Of exchanges with more than MOST of them, the pages of large buffers are the rest. */
#define MOST	300

static void plays_without_memory(const struct exchange *e)
{
	static const struct stage stage = { .act = act, .differs = differs_without_memory };
	const size_t live = hf_test_live();
	unsigned long left = 0;

	for (unsigned long nth = 1; !left && nth <= MOST; nth++) {
		hf_user_fail_alloc(nth);
		{
			hf_let(binder_device, device, hf_empty(binder_device_own));
			hf_let(binder_device, other, hf_empty(binder_device_own));

			if (!hf_set_ok(device, binder_bind(NODE, NULL)) &&
			    !hf_set_ok(other, binder_bind(NODE2, hf_ref(device))))
				play(e, &stage, actors);
		}
		left = hf_user_fail_alloc(0);
		if (hf_test_live() != live)
			hf_test_fail_(__FILE__, __LINE__, "%s left something behind when allocation %lu failed", e->name, nth);
	}
}

/* Who sleeps may not be woken, so those exchanges are left out. */
#define IS_NAME(n)	|| !strcmp(e->name, #n)
#define WITHOUT_MEMORY(group)								\
	HF_TEST(binder_without_memory, group)						\
	{										\
		for (const struct exchange *e = exchanges; e < exchanges + exchange_count; e++) \
			if (0 EXCHANGES_##group(IS_NAME))				\
				plays_without_memory(e);				\
	}
WITHOUT_MEMORY(BASIC)
WITHOUT_MEMORY(CALLS)
WITHOUT_MEMORY(DATA)
WITHOUT_MEMORY(DEATHS)
WITHOUT_MEMORY(NODES)
WITHOUT_MEMORY(ONEWAY)
WITHOUT_MEMORY(FILES)
WITHOUT_MEMORY(BYTES)
WITHOUT_MEMORY(SYSTEM)
WITHOUT_MEMORY(MEMORY)
