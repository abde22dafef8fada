// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Torture of the driver's core: eight processes of four threads that do at random what stress.h does, and end and begin
 * again at any point.
 *
 * HF_BINDER_COMMANDS says how many commands they shall write, HF_BINDER_SEED with which choices they begin.
 */
#include "harness.h"

#include "../binder.h"
#include "host.h"
#include "stress_user.h"

#define PROCESSES	8

static struct stress_world world;
static struct stress_user users[PROCESSES];
static u64 commands, seed;
static unsigned int callers;		/* threads that may wait for an answer */

void stress_report(enum stress_wrong wrong, const char *text)
{
	hf_test_fail_(__FILE__, __LINE__, "%s %s", stress_wrong_names[wrong], text);
}

static u64 from_environment(const char *name, u64 otherwise)
{
	const char *const text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

static bool has_stopped(void)
{
	return __atomic_load_n(&world.stopped, __ATOMIC_ACQUIRE);
}

static bool is_over(void)
{
	if (__atomic_load_n(&world.counts[STRESS_COMMANDS], __ATOMIC_RELAXED) >= commands)
		__atomic_store_n(&world.stopped, true, __ATOMIC_RELEASE);
	return has_stopped();
}

struct life {
	struct stress_thread *thread;
	struct choices choices;
	unsigned int *callers;		/* of its process */
	unsigned int steps;
};

static void *call(void *given)
{
	struct life *const l = given;

	for (unsigned int i = 0; i < l->steps && !is_over(); i++)
		stress_step(l->thread);
	/* Who waits for it has an answer, or is told that there is none: also if it does not know of it. */
	while (l->thread->is_busy || l->thread->untidy) {
		if (choose(&l->choices, 8)) {
			if (!stress_settle(l->thread, false))
				stress_wait(l->thread);
			continue;
		}
		pthread_mutex_lock(&l->thread->process->lock);
		stress_thread_end(l->thread);
		pthread_mutex_unlock(&l->thread->process->lock);
	}
	__atomic_fetch_sub(l->callers, 1, __ATOMIC_ACQ_REL);
	__atomic_fetch_sub(&callers, 1, __ATOMIC_ACQ_REL);
	return NULL;
}

/* It waits for nobody, so all who wait for it are answered. */
static void *serve(void *given)
{
	struct life *const l = given;

	while (__atomic_load_n(has_stopped() ? &callers : l->callers, __ATOMIC_ACQUIRE))
		stress_step(l->thread);
	return NULL;
}

/* What is settled after the threads have ended chooses, too. */
static struct life all[PROCESSES][STRESS_THREADS];

static void live(struct stress_user *u, struct choices *c)
{
	const unsigned int i = (unsigned int)(u - users);
	struct life *const lives = all[i];
	pthread_t threads[STRESS_THREADS];
	unsigned int own = STRESS_THREADS - 1;

	stress_user_begin(&world, u, i, c);
	for (unsigned int k = 0; k < STRESS_THREADS; k++) {
		lives[k] = (struct life){
			.thread = &u->threads[k], .callers = &own, .steps = 20 + choose(c, 400),
			.choices.random = (u64)choose(c, 65536) << 16 | choose(c, 65536),
		};
		stress_thread_begin(&u->process, lives[k].thread, &lives[k].choices, 10 * (i + 1) + k, k);
	}
	u->n = STRESS_THREADS;
	__atomic_fetch_add(&callers, own, __ATOMIC_ACQ_REL);
	for (unsigned int k = 0; k < STRESS_THREADS; k++)
		HF_EXPECT_EQ(pthread_create(&threads[k], NULL, k ? call : serve, &lives[k]), 0);
	for (unsigned int k = 0; k < STRESS_THREADS; k++)
		pthread_join(threads[k], NULL);
}

static void *live_and_die(void *given)
{
	struct choices c = { .random = seed + (unsigned int)((struct stress_user *)given - users) };

	for (;;) {
		live(given, &c);
		if (is_over()) {
			/* It lives on, and may have been called since its own threads ended. */
			serve(&all[(struct stress_user *)given - users][0]);
			return NULL;
		}
		stress_user_end(given);
		__atomic_fetch_add(&world.counts[STRESS_KILLED], 1, __ATOMIC_RELAXED);
	}
}

static void say(void)
{
	fprintf(stderr, "seed %llu:", (unsigned long long)seed);
	for (unsigned int i = 0; i < STRESS_COUNT; i++)
		fprintf(stderr, " %s %llu", stress_count_names[i], (unsigned long long)world.counts[i]);
	fputc('\n', stderr);
}

HF_TEST(binder, torture)
{
	hf_let(binder_device, device, hf_expect(binder_bind(STRESS_NODE, NULL), "the name is free"));
	pthread_t threads[PROCESSES];

	commands = from_environment("HF_BINDER_COMMANDS", 60000);
	seed = from_environment("HF_BINDER_SEED", 1);
	world.hostile = true;
	world.places = PROCESSES;
	for (unsigned int i = 0; i < PROCESSES; i++)
		HF_EXPECT_EQ(pthread_create(&threads[i], NULL, live_and_die, &users[i]), 0);
	for (unsigned int i = 0; i < PROCESSES; i++)
		pthread_join(threads[i], NULL);
	world.exact = true;
	for (unsigned int i = 0; i < PROCESSES; i++)
		stress_look_up_nodes(&users[i].process);
	stress_user_finish(users, PROCESSES);
	say();
}
