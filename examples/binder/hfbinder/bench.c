// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * bench: what calls cost.
 *
 * Each device has a registry, which is its context manager, and pairs of a server and a client process.  They start
 * once.  The devices take turns at each row, round by round, so that neighbours in time can be compared; every second
 * round has them in reverse.  The first round warms up, and is not counted.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "hfbinder.h"

#define DEVICES		(HFBINDER_BENCH_DEVICES)
#define ROUNDS		(HFBINDER_BENCH_ROUNDS)
#define CALLS		(HFBINDER_BENCH_CALLS)
#define PAIRS		16
#define BATCH		16		/* one-way calls until the client waits for the server */
#define BYTES		(64 << 10)

enum kind { CALL, ONE_WAY, DESCRIPTOR };
enum { REGISTER, GET };			/* codes of calls of the registry: that, and 2 times the number of the pair */
enum { ANSWER, NOTE, NOTE_LAST };	/* codes of calls of a server */

static const char *const names[] = { "call", "one-way", "descriptor" };

static const struct row {
	enum kind kind;
	unsigned int bytes, pairs;
} rows[] = {
	{ CALL, 0, 1 }, { CALL, 0, 4 }, { CALL, 0, 16 },
	{ CALL, 4 << 10, 1 }, { CALL, 4 << 10, 4 }, { CALL, 4 << 10, 16 },
	{ CALL, BYTES, 1 }, { CALL, BYTES, 4 }, { CALL, BYTES, 16 },
	{ ONE_WAY, 0, 1 }, { ONE_WAY, 4 << 10, 1 }, { ONE_WAY, 4 << 10, 4 },
	{ DESCRIPTOR, 0, 1 }, { DESCRIPTOR, 0, 4 },
};
#define ROWS		(sizeof(rows) / sizeof(*rows))

/* What the processes share. */
static struct shared {
	struct row row;
	unsigned int calls;		/* to be made by all clients together */
	unsigned int made;
	struct {
		sem_t start[PAIRS];	/* a client */
		sem_t served[PAIRS];	/* the server has a whole batch of one-way calls */
		sem_t ready;		/* a process that was started, or a client that is done */
	} of[DEVICES];
	double took[CALLS];		/* ns, of each call */
} *shared;

/* Of a row and a device, in each round. */
static struct {
	double each, median, late;	/* ns a call: all clients together; of one call; of one in a hundred */
	unsigned int calls;
} found[ROWS][DEVICES][ROUNDS];

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* ---- The processes of a device ---- */

static struct hfb device;
static struct hfb_thread self;

/* In a process that was started: it ends, and so do all. */
static void need(const char *what, int err)
{
	if (!err)
		return;
	_exit(cli_error("bench: %s: %s", what, strerror(-err)));
}

/* It knows the server of each pair. */
static int registry_call(struct hfb_thread *t, struct hfb_object *o, const struct binder_transaction_data *txn,
			 struct parcel *in, struct parcel *reply)
{
	static uint32_t servers[PAIRS];
	struct flat_binder_object server;

	(void)o;
	if (txn->code / 2 >= PAIRS)
		return -EINVAL;
	if (txn->code % 2 == GET) {
		parcel_put_handle(reply, servers[txn->code / 2]);
	} else if (parcel_get_flat(in, &server)) {
		servers[txn->code / 2] = server.handle;
		hfb_acquire(t, server.handle);
	}
	return 0;
}

static void run_registry(unsigned int d, unsigned int unused)
{
	static struct hfb_object registry = { .call = registry_call };

	(void)unused;
	need("the context manager, which the device must not have", hfb_become_manager(&device, &registry));
	sem_post(&shared->of[d].ready);
	need("the registry", hfb_serve(&self, 0));
}

static int server_call(struct hfb_thread *t, struct hfb_object *o, const struct binder_transaction_data *txn,
		       struct parcel *in, struct parcel *reply)
{
	static uint8_t bytes[BYTES];
	struct flat_binder_object file;

	(void)t;
	if (txn->code == NOTE_LAST)
		sem_post(o->data);
	else if (in->objects && parcel_get_flat(in, &file))
		close((int)file.handle);
	else if (txn->code == ANSWER)
		*reply = (struct parcel){ .data = bytes, .size = in->size };
	return 0;
}

static void run_server(unsigned int d, unsigned int pair)
{
	static struct hfb_object server = { .call = server_call };
	struct parcel send = { 0 };

	server.data = &shared->of[d].served[pair];
	parcel_put_object(&send, &server);
	need("the registry", hfb_call(&self, 0, REGISTER + 2 * pair, 0, &send, NULL));
	parcel_free(&send);
	sem_post(&shared->of[d].ready);
	need("a server", hfb_serve(&self, 0));
}

static uint32_t find_server(unsigned int pair)
{
	const struct parcel nothing = { 0 };
	struct flat_binder_object server;
	struct parcel reply;

	need("the registry", hfb_call(&self, 0, GET + 2 * pair, 0, &nothing, &reply));
	need("the registry", parcel_get_flat(&reply, &server) ? 0 : -EPROTO);
	hfb_acquire(&self, server.handle);
	hfb_free_buffer(&self, &reply);
	need("the registry", hfb_flush(&self));
	return server.handle;
}

static void run_client(unsigned int d, unsigned int pair)
{
	static uint8_t bytes[BYTES];
	const uint32_t server = find_server(pair);
	struct parcel data = { .data = bytes }, file = { 0 };

	parcel_put_fd(&file, STDERR_FILENO);
	for (;;) {
		unsigned int first, calls;

		sem_post(&shared->of[d].ready);
		while (sem_wait(&shared->of[d].start[pair]))
			;
		data.size = shared->row.bytes;
		/* Its share: those that do not divide go to some. */
		first = pair * shared->calls / shared->row.pairs;
		calls = (pair + 1) * shared->calls / shared->row.pairs - first;
		for (unsigned int n = 1; n <= calls; n++) {
			const bool one_way = shared->row.kind == ONE_WAY, last = one_way && (!(n % BATCH) || n == calls);
			const uint64_t begun = now();

			need("a client", hfb_call(&self, server, last ? NOTE_LAST : one_way ? NOTE : ANSWER,
						  one_way ? TF_ONE_WAY : TF_ACCEPT_FDS,
						  shared->row.kind == DESCRIPTOR ? &file : &data, NULL));
			if (last)
				while (sem_wait(&shared->of[d].served[pair]))
					;
			shared->took[first + n - 1] = (double)(now() - begun);
		}
		__atomic_fetch_add(&shared->made, calls, __ATOMIC_RELAXED);
	}
}

/* ---- Here ---- */

/* A process that ends early has said why. */
static void child_ended(int number)
{
	(void)number;
	_exit(CLI_FAILED);
}

static const char *device_of(const struct cli_options *o, unsigned int d)
{
	return d ? o->args[d - 1] : o->device;
}

static void start(const struct cli_options *o, unsigned int d, unsigned int pair,
		  void run(unsigned int d, unsigned int pair))
{
	const pid_t parent = getpid(), child = fork();
	struct cli_options of_device = *o;

	if (child < 0)
		exit(cli_error("bench: fork(): %s", strerror(errno)));
	if (child)
		return;
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	of_device.device = device_of(o, d);
	if (getppid() != parent || hfbinder_open(&of_device, &device))
		_exit(CLI_FAILED);
	hfb_thread_init(&self, &device);
	run(d, pair);
}

static void await_ready(unsigned int d, unsigned int number)
{
	while (number)
		if (!sem_wait(&shared->of[d].ready))
			number--;
}

static void start_all(const struct cli_options *o, unsigned int d)
{
	sem_init(&shared->of[d].ready, 1, 0);
	start(o, d, 0, run_registry);
	await_ready(d, 1);
	for (unsigned int i = 0; i < PAIRS; i++) {
		sem_init(&shared->of[d].start[i], 1, 0);
		sem_init(&shared->of[d].served[i], 1, 0);
		start(o, d, i, run_server);
	}
	await_ready(d, PAIRS);
	for (unsigned int i = 0; i < PAIRS; i++)
		start(o, d, i, run_client);
	await_ready(d, PAIRS);
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(size_t row, unsigned int d, unsigned int round, unsigned int calls)
{
	uint64_t begun;

	shared->row = rows[row];
	shared->calls = calls;
	shared->made = 0;
	begun = now();
	for (unsigned int i = 0; i < rows[row].pairs; i++)
		sem_post(&shared->of[d].start[i]);
	await_ready(d, rows[row].pairs);
	found[row][d][round].each = (double)(now() - begun) / calls;
	found[row][d][round].calls = shared->made;
	qsort(shared->took, calls, sizeof(*shared->took), compare);
	found[row][d][round].median = shared->took[calls / 2];
	found[row][d][round].late = shared->took[calls - 1 - calls / 100];
}

static double median(double *values, unsigned int count)
{
	qsort(values, count, sizeof(*values), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void print_table(const struct cli_options *o, unsigned int count)
{
	const unsigned int rounds = o->rounds;

	cli_line(stdout, "%-11s %6s %5s  %-18s %10s %11s %11s %7s", "", "bytes", "pairs", "device", "calls/s", "median, us",
	       "99 %, us", "ratio");
	for (size_t row = 0; row < ROWS; row++) {
		for (unsigned int d = 0; d < count; d++) {
			double each[ROUNDS], middle[ROUNDS], late[ROUNDS], ratio[ROUNDS];

			for (unsigned int i = 0; i < rounds; i++) {
				each[i] = found[row][d][i].each;
				middle[i] = found[row][d][i].median / 1000;
				late[i] = found[row][d][i].late / 1000;
				ratio[i] = each[i] / found[row][0][i].each;
			}
			cli_line(stdout, "%-11s %6u %5u  %-18s %10.0f %11.2f %11.2f %7.3f", names[rows[row].kind], rows[row].bytes,
			       rows[row].pairs, device_of(o, d), 1e9 / median(each, rounds), median(middle, rounds),
			       median(late, rounds), median(ratio, rounds));
		}
	}
}

/* An object on each line, of each row, device and round. */
static void print_json(const struct cli_options *o, size_t row, unsigned int d, unsigned int round)
{
	struct cli_json j = { .enabled = true, .one_line = true };

	cli_json_open(&j, NULL);
	cli_json_string(&j, "what", names[rows[row].kind]);
	cli_json_u64(&j, "bytes", rows[row].bytes);
	cli_json_u64(&j, "pairs", rows[row].pairs);
	cli_json_string(&j, "device", device_of(o, d));
	cli_json_u64(&j, "round", round);
	cli_json_u64(&j, "calls", found[row][d][round].calls);
	cli_json_real(&j, "ns_a_call", found[row][d][round].each);
	cli_json_real(&j, "ns_median", found[row][d][round].median);
	cli_json_real(&j, "ns_99_percent", found[row][d][round].late);
	cli_json_close(&j);
}

int hfbinder_bench(const struct cli_options *o)
{
	const unsigned int count = 1 + (unsigned int)o->arg_count;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return cli_error("bench: mmap(): %s", strerror(errno));
	signal(SIGCHLD, child_ended);
	for (unsigned int d = 0; d < count; d++)
		start_all(o, d);
	for (size_t row = 0; row < ROWS; row++) {
		for (unsigned int d = 0; d < count; d++)
			measure(row, d, 0, o->calls);
		for (unsigned int round = 0; round < o->rounds; round++)
			for (unsigned int d = 0; d < count; d++)
				measure(row, round % 2 ? count - 1 - d : d, round, o->calls);
		if (!o->quiet)
			fprintf(stderr, "\r%zu of %zu rows", row + 1, ROWS);
	}
	if (!o->quiet)
		fputc('\n', stderr);
	/* Line by line, as the kernel's log wants it. */
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (size_t row = 0; o->json && row < ROWS; row++)
		for (unsigned int d = 0; d < count; d++)
			for (unsigned int round = 0; round < o->rounds; round++)
				print_json(o, row, d, round);
	if (!o->json)
		print_table(o, count);
	/* The processes end with this one. */
	_exit(cli_end(CLI_OK));
}
