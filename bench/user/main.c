// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The harness in userspace: every variant of every kernel in one process.
 *
 *	overhead check			test that the variants agree
 *	overhead time PAIRS USEC SEED	measure the length of a cycle, and then pairs of segments of USEC
 *					microseconds in random order
 *	overhead count			count the instructions of one call of each, under callgrind
 *
 * bench/run calls it and parses its output.  An additional last argument selects the kernels whose names
 * begin with it.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define HAVE_CALLGRIND 1
#endif

#include "harness.h"

static struct bench_memory memory;
static struct bench_in input;

/* One variant of a kernel, and the function that it is compared with. */
struct item {
	const struct bench_kernel *kernel;
	const char *group, *compiler, *variant;
	bench_fn *raw, *fn;
	unsigned int calls;		/* per segment */
};

#define ITEMS_MAX 4096
static struct item items[ITEMS_MAX];
static unsigned int item_count;

static void fail(const char *what, const struct item *i)
{
	fprintf(stderr, "overhead: %s: %s, %s, %s\n", what, i->kernel->name, i->compiler, i->variant);
	exit(1);
}

static void fill(u64 seed)
{
	bench_inputs(&input, &memory, seed);
	input.window = hf_user_io_memory(memory.window, sizeof(memory.window));
}

/* --- the variants ------------------------------------------------------------------------------- */

static const struct bench_kernel *find(const char *compiler, const char *variant, const char *name)
{
	for (const struct bench_set *s = bench_sets; s->compiler; s++)
		for (const struct bench_kernel *k = s->table; k->name; k++)
			if (!strcmp(s->compiler, compiler) && !strcmp(s->variant, variant) &&
			    !strcmp(k->name, name))
				return k;
	return NULL;
}

static void add(const struct bench_kernel *k, const char *compiler, const char *variant, bench_fn *fn)
{
	const struct bench_kernel *release = find(compiler, "release", k->name),
				  *off = find(compiler, "off", k->name);
	struct item *i = &items[item_count];

	if (item_count++ == ITEMS_MAX) {
		fprintf(stderr, "overhead: more than %u kernels times variants\n", ITEMS_MAX);
		exit(1);
	}
	/* A driver path has no raw twin; it is compared with itself without checks. */
	*i = (struct item){ .kernel = k, .compiler = compiler, .variant = variant, .fn = fn };
	i->group = release->raw ? "primitive" : "driver";
	i->raw = release->raw ? release->raw : off->safe;
}

static void collect(const char *prefix)
{
	for (const struct bench_set *s = bench_sets; s->compiler; s++) {
		for (const struct bench_kernel *k = s->table; k->name; k++) {
			if (strncmp(k->name, prefix, strlen(prefix)))
				continue;
			add(k, s->compiler, s->variant, k->safe);
			/* A second copy of the raw code: its difference from the first is noise. */
			if (!strcmp(s->variant, "off"))
				add(k, s->compiler, "raw", k->raw ? k->raw : k->safe);
			for (const struct bench_kernel *r = bench_rust; r->name; r++)
				if (!strcmp(s->variant, "release") && !strcmp(r->name, k->name))
					add(k, s->compiler, "rust", r->safe);
		}
	}
}

/* --- agreement ---------------------------------------------------------------------------------- */

static void compare(const struct item *i, u64 seed, int spoiled)
{
	s64 got[2][3];

	for (unsigned int side = 0; side < 2; side++) {
		fill(seed);
		if (spoiled >= 0)
			bench_spoil(&input, &memory, (unsigned int)spoiled);
		/* Several calls, as the state that a call leaves in the arena must not matter. */
		for (unsigned int n = 0; n < 3; n++)
			got[side][n] = (side ? i->fn : i->raw)(&input);
	}
	for (unsigned int n = 0; n < 3; n++) {
		if (got[0][n] == got[1][n])
			continue;
		fprintf(stderr, "overhead: raw gives %lld and this one %lld, seed %llu, spoiled %d\n",
			got[0][n], got[1][n], (unsigned long long)seed, spoiled);
		fail("results differ", i);
	}
	if (spoiled < 0 && got[0][0] < 0)
		fail("an error where there is none", i);
}

static void check(void)
{
	unsigned int compared = 0;

	for (struct item *i = items; i < items + item_count; i++) {
		for (u64 seed = 1; seed < 4; seed++, compared++)
			compare(i, seed * 77, -1);
		fill(1);
		for (int n = 0; i->kernel->hostile && bench_spoil(&input, &memory, (unsigned int)n);
		     n++, compared++)
			compare(i, 5, n);
	}
	printf("checked %u variants, %u inputs\n", item_count, compared);
}

/* --- time --------------------------------------------------------------------------------------- */

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return (u64)t.tv_sec * 1000000000 + (u64)t.tv_nsec;
}

static volatile s64 sink;

static u64 segment(bench_fn *fn, unsigned int calls)
{
	u64 start;

	memset(memory.arena, 0, sizeof(memory.arena));
	sink = fn(&input);
	start = now_ns();
	for (unsigned int i = 0; i < calls; i++)
		sink = fn(&input);
	return now_ns() - start;
}

/* Measures a chain of dependent one-cycle instructions, which gives the length of a cycle. */
static void print_cycle(void)
{
	enum { LINKS = 16 * 1024 };
	u64 best = ~0ull, x = 1, y = (u64)sink | 1;

	for (unsigned int n = 0; n < 200; n++) {
		const u64 start = now_ns();
		u64 ns;

		for (unsigned int i = 0; i < LINKS / 16; i++) {
#define LINK	__asm__ volatile("" : "+r"(x)); x ^= y;
			LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK LINK
#undef LINK
		}
		ns = now_ns() - start;
		best = ns < best ? ns : best;
	}
	sink = (s64)x;
	printf("cycle %.4f\n", (double)best / LINKS);
}

static unsigned int random_below(u64 *state, unsigned int n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned int)((*state >> 32) % n);
}

static void pin(void)
{
	cpu_set_t set;
	size_t cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (cpu = CPU_SETSIZE - 1; cpu > 0 && !CPU_ISSET(cpu, &set); cpu--)
		;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fprintf(stderr, "overhead: cannot be pinned to CPU %zu\n", cpu);
}

/* Measures raw, variant, variant, raw, or the reverse order, so that a drift cancels out. */
static void pair(const struct item *i, bool raw_first)
{
	u64 ns[2] = { 0, 0 };

	for (unsigned int n = 0; n < 4; n++) {
		const bool raw = (n == 0 || n == 3) == raw_first;

		ns[!raw] += segment(raw ? i->raw : i->fn, i->calls);
	}
	printf("%s %s %s %s %u %llu %llu\n", i->kernel->name, i->group, i->compiler, i->variant,
	       2 * i->calls * i->kernel->ops, (unsigned long long)ns[0], (unsigned long long)ns[1]);
}

static void measure(unsigned int pairs, unsigned int usec, u64 seed)
{
	static unsigned int order[ITEMS_MAX];
	u64 state = seed * 2 + 1;

	pin();
	print_cycle();
	fill(seed);
	for (unsigned int i = 0; i < item_count; i++) {
		u64 best = ~0ull;

		for (unsigned int n = 0; n < 5; n++) {
			const u64 ns = segment(items[i].raw, 4);

			best = ns < best ? ns : best;
		}
		items[i].calls = (unsigned int)(usec * 4000ull / (best + 1)) + 1;
		order[i] = i;
	}
	for (unsigned int n = 0; n < pairs; n++) {
		for (unsigned int i = item_count; i > 1; i--) {
			const unsigned int j = random_below(&state, i), t = order[i - 1];

			order[i - 1] = order[j];
			order[j] = t;
		}
		for (unsigned int i = 0; i < item_count; i++)
			pair(&items[order[i]], random_below(&state, 2));
		fprintf(stderr, "round %u of %u\n", n + 1, pairs);
	}
}

/* --- instructions ------------------------------------------------------------------------------- */

#ifdef HAVE_CALLGRIND
static void count_one(const struct item *i, const char *variant, bench_fn *fn)
{
	char what[128];

	fill(1);
	/* The first call resolves symbols and gets memory from the system, so it is not counted. */
	sink = fn(&input);
	sink = fn(&input);
	snprintf(what, sizeof(what), "%s %s %s %u", i->kernel->name, i->compiler, variant,
		 i->kernel->ops);
	/* Not CALLGRIND_ZERO_STATS, which leaves some counts of functions that variants share as they are. */
	CALLGRIND_DUMP_STATS;
	sink = fn(&input);
	CALLGRIND_DUMP_STATS_AT(what);
}

static void count(void)
{
	for (struct item *i = items; i < items + item_count; i++) {
		count_one(i, i->variant, i->fn);
		if (!strcmp(i->variant, "release"))
			count_one(i, "baseline", i->raw);
	}
}
#else
static void count(void)
{
	fprintf(stderr, "overhead: built without valgrind/callgrind.h\n");
	exit(1);
}
#endif

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	const bool timed = !strcmp(how, "time") && argc > 4;
	const int prefix = timed ? 5 : 2;

	collect(argc > prefix ? argv[prefix] : "");
	if (!item_count) {
		fprintf(stderr, "overhead: no kernel begins with '%s'\n", argv[prefix]);
		return 1;
	}
	if (timed)
		measure((unsigned int)atoi(argv[2]), (unsigned int)atoi(argv[3]),
			strtoull(argv[4], NULL, 0));
	else if (!strcmp(how, "check"))
		check();
	else if (!strcmp(how, "count"))
		count();
	else {
		fprintf(stderr, "usage: overhead check | time PAIRS USEC SEED | count  [PREFIX]\n");
		return 2;
	}
	return fflush(stdout) || ferror(stdout);
}
