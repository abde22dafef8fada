// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Obligations that are settled on every path, passed on, or kept in fields.
#include <holdfast/own.h>
#include <holdfast/result.h>
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
HF_RESULT_DEFINE(req, struct req_token);

struct req_token begin(void);
struct req_result try_begin(void);
void answer(int req, int status);

int on_both_paths(int bad);
int on_both_paths(int bad)
{
	hf_owe(req, t, begin());

	if (bad) {
		answer(hf_settle(t), -EINVAL);
		return -EINVAL;
	}
	answer(hf_settle(t), 0);
	return 0;
}

void finish(struct req_token arg, int status);
void finish(struct req_token arg, int status)
{
	hf_owe(req, t, arg);

	answer(hf_settle(t), status);
}

int passed_on(void);
int passed_on(void)
{
	hf_owe(req, t, hf_try(try_begin()));

	finish(hf_pass(t), 0);
	return 0;
}

int in_a_loop(int n);
int in_a_loop(int n)
{
	for (int i = 0; i < n; i++) {
		hf_owe(req, t, begin());

		if (i == 3) {
			answer(hf_settle(t), -EIO);
			continue;
		}
		answer(hf_settle(t), 0);
	}
	return n;
}

int by_goto(int bad);
int by_goto(int bad)
{
	int err = 0;
	hf_owe(req, t, begin());

	if (bad) {
		err = -EINVAL;
		goto out;
	}
	err = 1;
out:
	answer(hf_settle(t), err);
	return err;
}

struct table {
	struct req_token slots[8];
};

void remember(struct table *table, int i);
void remember(struct table *table, int i)
{
	hf_owe(req, t, begin());

	hf_token_set(table->slots[i], hf_pass(t));
}

int forget(struct table *table, int i);
int forget(struct table *table, int i)
{
	if (!hf_owed(table->slots[i]))
		return -ENOENT;
	hf_owe(req, t, hf_token_take(table->slots[i]));
	answer(hf_settle(t), 0);
	return 0;
}

struct req_token made(int id);
struct req_token made(int id)
{
	return hf_oblige(req, id);
}

struct pool {
	int room;
};

struct started {
	struct req_token req;
};

struct req_result req_get(struct pool *p);
void req_put(struct pool *p, int req);
int start(struct started *s);

/* What is got from the pool is an identifier, and not a reference to the pool. */
int got_and_put(struct pool *p, struct started *s);
int got_and_put(struct pool *p, struct started *s)
{
	hf_owe(req, t, hf_try(req_get(p)));
	hf_token_set(s->req, hf_pass(t));
	hf_try_errno(start(s));
	hf_owe(req, done, hf_token_take(s->req));

	req_put(p, hf_settle(done));
	return 0;
}

/* Who completes the object takes its token; the drop function only says so. */
struct xfer {
	struct req_token req;
};

static void xfer_free(struct xfer *x)
{
	hf_token_fini(x->req);
	hf_free(x);
}

HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

void complete(struct pool *p, struct xfer_own given);
void complete(struct pool *p, struct xfer_own given)
{
	hf_let(xfer, x, given);
	hf_owe(req, t, hf_token_take(hf_mut(x)->req));

	req_put(p, hf_settle(t));
}
