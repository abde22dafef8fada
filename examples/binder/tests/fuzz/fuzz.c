// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * libFuzzer on the driver's core: the bytes of an input are the choices of stress.h, in turn those of three processes
 * with two threads each.  Which commands there are, and what they are made of, follows syzkaller's description of the
 * interface (sys/linux/dev_binder.txt).
 *
 * After each input, all that was called is answered, processes die one after the other, and all that is held is
 * released.  Then nothing may be left: no call without an answer, no death that was not told, no count, no memory.
 *
 *	binder-fuzz -len_control=0 -max_total_time=3600 NEW tests/fuzz/corpus
 *
 * fuzzes for an hour, and puts what reaches new code into the folder NEW.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../binder.h"
#include "../stress_user.h"

#define PROCESSES	3
#define THREADS		2

static struct stress_world world;
static struct stress_user users[PROCESSES];
static struct choices choices;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

void stress_report(enum stress_wrong wrong, const char *text)
{
	fprintf(stderr, "wrong: %s: %s\n", stress_wrong_names[wrong], text);
	abort();
}

static void begin(unsigned int i)
{
	struct stress_user *const u = &users[i];

	stress_user_begin(&world, u, i, &choices);
	/* The first thread only serves, so that not all wait for each other. */
	for (; u->n < THREADS; u->n++)
		stress_thread_begin(&u->process, &u->threads[u->n], &choices, 10 * (i + 1) + u->n, u->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static int first = -1;
	const size_t live = hf_user_live();
	struct binder_device_own device = hf_expect(binder_bind(STRESS_NODE, NULL), "the name is free");

	/* The descriptors from here on are of the input. */
	if (first < 0) {
		first = dup(2);
		close(first);
	}
	world.exact = true;
	world.places = PROCESSES;
	world.stopped = false;
	world.life = 0;
	choices = (struct choices){ .bytes = bytes, .left = n };
	world.hostile = choose(&choices, 4) != 0;
	for (unsigned int i = 0; i < PROCESSES; i++)
		begin(i);
	while (choices.left) {
		const uint32_t who = choose(&choices, 64), i = who % PROCESSES;

		if (who < 60) {
			stress_step(&users[i].threads[who / PROCESSES % THREADS]);
			continue;
		}
		if (who == 63) {
			hf_user_fail_alloc(1 + choose(&choices, 16));
			continue;
		}
		stress_user_end(&users[i]);
		hf_user_fail_alloc(0);
		begin(i);
	}
	hf_user_fail_alloc(0);
	world.stopped = true;
	stress_user_finish(users, PROCESSES);
	binder_device_own_drop(&device);
	if (hf_user_live() != live) {
		fprintf(stderr, "%zu objects left\n", hf_user_live() - live);
		abort();
	}
	/* What was sent, and told to nobody. */
	close_range((unsigned int)first, ~0u, 0);
	return 0;
}
