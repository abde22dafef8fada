// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Code like a driver's: fields that own, locks in arrays, hand-over, goto, switch, loops.
#include <holdfast/lock.h>
#include <holdfast/num.h>
#include <holdfast/own.h>
#include <holdfast/slice.h>

struct request {
	int status;
	void *buf;
	size_t len;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
struct request_own_result request_new(size_t len);

struct slot {
	struct request_own req;
	bool busy;
};

struct sq {
	u16 tail, head, depth;
	struct slot slots[64];
};

HF_LOCKED_DEFINE(locked_sq, mutex, struct sq);

struct queue {
	struct locked_sq sq;
	u16 cq_head;
	u8 phase;
	volatile u32 *db;
	int bogus;
};

struct ctrl {
	struct queue queues[4];
	int n;
};

static struct u16_result sq_alloc(struct locked_sq *l) HF_REQUIRES(l);
static struct u16_result sq_alloc(struct locked_sq *l)
{
	struct sq *s = hf_held(l);

	for (u16 i = 0; i < s->depth; i++)
		if (!hf_array_at(s->slots, i).busy) {
			hf_array_at(s->slots, i).busy = true;
			return hf_ok(u16, i);
		}
	return hf_err(u16, -EAGAIN);
}

int queue_submit(struct queue *q, struct request_own arg);
int queue_submit(struct queue *q, struct request_own arg)
{
	hf_let(request, req, arg);
	hf_lock(sq, &q->sq);
	u16 cid = hf_try(sq_alloc(&q->sq));

	hf_set(hf_array_at(sq->slots, cid).req, hf_move(req));
	sq->tail = (u16)((sq->tail + 1) % sq->depth);
	*q->db = sq->tail;
	return 0;
}

int queue_complete(struct queue *q, struct hf_untrusted_u16 from_device, int status);
int queue_complete(struct queue *q, struct hf_untrusted_u16 from_device, int status)
{
	u16 cid = hf_try(hf_below(from_device, 64));
	hf_lock(sq, &q->sq);
	struct slot *slot = &hf_array_at(sq->slots, cid);

	if (!slot->busy) {
		q->bogus++;
		return -EINVAL;
	}
	hf_let(request, req, hf_take(slot->req));
	slot->busy = false;
	hf_mut(req)->status = status;
	return 0;
}

int queue_drain(struct queue *q);
int queue_drain(struct queue *q)
{
	int n = 0;

	for (;;) {
		hf_lock(sq, &q->sq);
		u16 i = 0;

		while (i < sq->depth && !sq->slots[i].busy)
			i++;
		if (i == sq->depth)
			break;
		hf_let(request, req, hf_take(sq->slots[i].req));
		sq->slots[i].busy = false;
		if (hf_ref(req)->len == 0)
			continue;
		n++;
	}
	return n;
}

int ctrl_submit(struct ctrl *c, int i, size_t len);
int ctrl_submit(struct ctrl *c, int i, size_t len)
{
	struct queue *q;
	int err;

	if (i >= c->n)
		return -EINVAL;
	q = &c->queues[i];
	hf_let(request, req, hf_try(request_new(len)));
	err = queue_submit(q, hf_move(req));
	if (err == -EAGAIN) {
		hf_let(request, again, hf_try(request_new(len)));

		return queue_submit(&c->queues[0], hf_move(again));
	}
	return err;
}

int ctrl_both(struct ctrl *c, int i, int j);
int ctrl_both(struct ctrl *c, int i, int j)
{
	hf_lock(a, &c->queues[i].sq);
	hf_lock(b, &c->queues[j].sq);
	return a->tail + b->tail;
}

int by_goto(struct ctrl *c);
int by_goto(struct ctrl *c)
{
	int err = 0;
	hf_let(request, r, hf_try(request_new(1)));

	if (!c) {
		err = -EINVAL;
		goto out;
	}
	{
		hf_lock(s, &c->queues[0].sq);
		if (s->tail == 3) {
			err = -EAGAIN;
			goto out;
		}
	}
	err = queue_submit(&c->queues[0], hf_move(r));
out:
	return err;
}

int by_switch(struct ctrl *c, int k);
int by_switch(struct ctrl *c, int k)
{
	hf_let(request, r, hf_try(request_new(1)));

	switch (k) {
	case 0:
		return queue_submit(&c->queues[0], hf_move(r));
	case 1:
		hf_mut(r)->status = 1;
		break;
	default:
		hf_mut(r)->status = 2;
		break;
	}
	return hf_ref(r)->status;
}
