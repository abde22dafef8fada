// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * demo: a service and its clients, in processes of their own.
 *
 * A client gives the service an object when it joins; that the object is dead is how the service knows that its process
 * is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hfbinder.h"

#define CLIENTS		5		/* and the last one is killed */
#define CALLS		2000

enum { CODE_JOIN = 1, CODE_ADD };

/* What a process tells the one that started it. */
struct news {
	enum { READY, JOINED, DONE, DIED, FAILED } what;
	int client;
	unsigned int wrong;		/* answers */
};

static int tells, hears;		/* a pipe */

static void tell(struct news n)
{
	if (write(tells, &n, sizeof(n)) != sizeof(n))
		_exit(1);
}

/* ---- The service ---- */

static int serve_call(struct hfb_thread *t, struct hfb_object *o, const struct binder_transaction_data *txn,
		      struct parcel *in, struct parcel *reply)
{
	struct flat_binder_object client;
	int32_t a, b;

	(void)o;
	switch (txn->code) {
	case CODE_JOIN:
		a = parcel_get_i32(in);
		if (!parcel_get_flat(in, &client) || client.hdr.type != BINDER_TYPE_HANDLE)
			return -EINVAL;
		hfb_acquire(t, client.handle);
		hfb_request_death(t, client.handle, (uint64_t)a);
		return 0;
	case CODE_ADD:
		a = parcel_get_i32(in);
		b = parcel_get_i32(in);
		if (in->bad)
			return -EINVAL;
		parcel_put_i32(reply, a + b);
		return 0;
	default:
		return -EBADMSG;
	}
}

static void died(struct hfb_thread *t, uint64_t client)
{
	(void)t;
	tell((struct news){ .what = DIED, .client = (int)client });
}

static void service(const struct cli_options *o)
{
	static struct hfb_object object = { .call = serve_call };
	struct hfb_thread t;
	struct hfb b;
	int err;

	err = hfbinder_open(o, &b);
	if (!err) {
		b.died = died;
		err = hfb_become_manager(&b, &object);
		if (err)
			cli_error("%s: %s", o->device,
				       err == -EBUSY ? "it has a service manager, and can have no other" : strerror(-err));
	}
	tell((struct news){ .what = err ? FAILED : READY });
	if (err)
		_exit(CLI_FAILED);
	hfb_thread_init(&t, &b);
	cli_error("%s: the service: %s", o->device, strerror(-hfb_serve(&t, 0)));
	_exit(CLI_FAILED);
}

/* ---- A client ---- */

static int nobody_calls(struct hfb_thread *t, struct hfb_object *o, const struct binder_transaction_data *txn,
			struct parcel *in, struct parcel *reply)
{
	(void)t, (void)o, (void)txn, (void)in, (void)reply;
	return -EBADMSG;
}

static int join(struct hfb_thread *t, int number)
{
	static struct hfb_object object = { .call = nobody_calls };
	struct parcel send = { 0 }, reply;
	int err;

	parcel_put_i32(&send, number);
	parcel_put_object(&send, &object);
	err = hfb_call(t, 0, CODE_JOIN, 0, &send, &reply);
	if (!err)
		err = reply.status;
	hfb_free_buffer(t, &reply);
	parcel_free(&send);
	return err;
}

/* Whether the answer is right; or an error. */
static int add(struct hfb_thread *t, int32_t a, int32_t b)
{
	struct parcel send = { 0 }, reply;
	int err;

	parcel_put_i32(&send, a);
	parcel_put_i32(&send, b);
	err = hfb_call(t, 0, CODE_ADD, 0, &send, &reply);
	if (!err)
		err = reply.status ? reply.status : parcel_get_i32(&reply) == a + b;
	hfb_free_buffer(t, &reply);
	parcel_free(&send);
	return err;
}

static void client(const struct cli_options *o, int number)
{
	const bool is_killed = number == CLIENTS;
	unsigned int wrong = 0;
	struct hfb_thread t;
	struct hfb b;
	int err;

	if (hfbinder_open(o, &b))
		_exit(CLI_FAILED);
	hfb_thread_init(&t, &b);
	err = join(&t, number);
	tell((struct news){ .what = err ? FAILED : JOINED, .client = number });
	for (int i = 0; err >= 0 && (is_killed || i < CALLS); i++) {
		err = add(&t, number, i);
		wrong += err == 0;
	}
	tell((struct news){ .what = err < 0 ? FAILED : DONE, .client = number, .wrong = wrong });
	_exit(err < 0);
}

/* ---- The one that starts them ---- */

static pid_t start(const struct cli_options *o, int number)
{
	const pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(hears);
	if (number)
		client(o, number);
	service(o);
	return -1;
}

static struct news hear(void)
{
	struct news n;

	/* Or all that could tell have ended. */
	return read(hears, &n, sizeof(n)) == sizeof(n) ? n : (struct news){ .what = FAILED };
}

struct result {
	unsigned int calls, wrong, told[CLIENTS + 1];
	bool failed;
};

static void play(const struct cli_options *o, pid_t pids[CLIENTS + 1], struct result *r)
{
	unsigned int ended = 0;

	pids[0] = start(o, 0);
	r->failed = pids[0] < 0 || hear().what != READY;
	for (int i = 1; i <= CLIENTS && !r->failed; i++)
		r->failed = (pids[i] = start(o, i)) < 0;
	close(tells);
	while (ended < CLIENTS && !r->failed) {
		const struct news n = hear();

		r->wrong += n.wrong;
		switch (n.what) {
		case JOINED:
			if (n.client == CLIENTS)
				kill(pids[CLIENTS], SIGKILL);
			break;
		case DONE:
			r->calls += CALLS;
			break;
		case DIED:
			if (n.client == CLIENTS)
				printf("client %d was killed: the service was told of its death\n", n.client);
			ended += !r->told[n.client]++;
			break;
		default:
			r->failed = true;
		}
	}
}

int hfbinder_demo(const struct cli_options *o)
{
	pid_t pids[CLIENTS + 1] = { 0 };
	unsigned int missing = 0, twice = 0;
	struct result r = { 0 };
	int line[2];

	if (pipe(line))
		return cli_error("demo: %s", strerror(errno));
	hears = line[0];
	tells = line[1];
	play(o, pids, &r);
	for (int i = CLIENTS; i >= 0; i--) {
		if (pids[i] <= 0)
			continue;
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	for (struct news n; read(hears, &n, sizeof(n)) == sizeof(n);)
		r.told[n.client] += n.what == DIED;
	close(hears);
	for (int i = 1; i <= CLIENTS; i++) {
		missing += !r.told[i];
		twice += r.told[i] > 1;
	}
	printf("%d clients had %u answers; must be 0: %u wrong answers, %u deaths not told, %u told twice\n", CLIENTS - 1,
	       r.calls, r.wrong, missing, twice);
	if (r.failed || r.wrong || missing || twice)
		return cli_error("demo: FAILED");
	return CLI_OK;
}
