// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Owners through every shape of control flow: what keeps the rules is silent.
#include <holdfast/own.h>

struct packet {
	int len;
	unsigned char data[64];
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

struct packet_own_result packet_new(int len);
void transmit(struct packet_own p);
int peek(const struct packet *p);
void poke(struct packet *p);

int uses(int c);
int uses(int c)
{
	hf_let(packet, p, hf_try(packet_new(3)));

	if (peek(hf_ref(p)) == 3)
		poke(hf_mut(p));
	{
		hf_borrow(r, p);
		hf_borrow(s, p);

		if (peek(r) != peek(s) || peek(hf_ref(p)) != 3)
			return -1;
	}
	{
		hf_borrow_mut(m, p);

		poke(m);
	}
	if (c)
		return 0;
	transmit(hf_move(p));
	return 1;
}

void consume(struct packet_own arg);
void consume(struct packet_own arg)
{
	hf_let(packet, p, arg);
	hf_borrow(r, p);

	(void)peek(r);
}

int loop(int n);
int loop(int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		hf_let(packet, p, hf_try(packet_new(i)));
		{
			hf_borrow(r, p);
			v += peek(r);
		}
		if (v > 10)
			continue;
		if (v == 5)
			break;
		transmit(hf_move(p));
	}
	return v;
}

int by_goto(int n);
int by_goto(int n)
{
	int err = 2;
	hf_let(packet, p, hf_try(packet_new(n)));

	if (n) {
		err = -EINVAL;
		goto out;
	}
	transmit(hf_move(p));
out:
	return err;
}

int by_switch(int op);
int by_switch(int op)
{
	hf_let(packet, p, hf_try(packet_new(1)));

	switch (op) {
	case 0:
		transmit(hf_move(p));
		return 0;
	case 1:
		hf_mut(p)->len = 1;
		break;
	default:
		hf_mut(p)->len = 2;
		break;
	}
	return hf_ref(p)->len;
}

int moved_on_both_paths(int c);
int moved_on_both_paths(int c)
{
	hf_let(packet, p, hf_try(packet_new(1)));

	if (c)
		transmit(hf_move(p));
	else
		consume(hf_move(p));
	return 0;
}

struct packet_own pick(struct packet_own x, struct packet_own y, int first);
struct packet_own pick(struct packet_own x, struct packet_own y, int first)
{
	hf_let(packet, a, x);
	hf_let(packet, b, y);

	if (first)
		return hf_move(a);
	return hf_move(b);
}

struct packet_own_result built(int len);
struct packet_own_result built(int len)
{
	hf_let(packet, p, hf_try_in(packet_own, hf_new(packet, GFP_KERNEL)));

	if (len < 0)
		return hf_err(packet_own, -EINVAL);
	hf_mut(p)->len = len;
	return hf_ok(packet_own, hf_move(p));
}

int dropped_early(void);
int dropped_early(void)
{
	hf_let(packet, p, hf_try(packet_new(1)));
	int len = hf_ref(p)->len;

	hf_drop(packet, p);
	return len;
}

struct queue {
	struct packet_own slot;
	struct packet_own slots[4];
};

int through_fields(struct queue *q, int i);
int through_fields(struct queue *q, int i)
{
	hf_let(packet, p, hf_try(packet_new(1)));

	if (hf_is_empty(q->slot))
		hf_set(q->slot, hf_move(p));
	hf_let(packet, old, hf_replace(q->slots[i], hf_take(q->slot)));
	return hf_is_empty(old) ? 0 : hf_ref(old)->len;
}

/* Functions that know nothing of owners fit in unchanged. */
struct packet *c_function(struct packet *p);

int foreign(void);
int foreign(void)
{
	hf_let(packet, p, hf_try(packet_new(1)));
	/* SAFETY: c_function() gives back what it was given. */
	hf_let(packet, q, hf_adopt_unchecked(packet, c_function(hf_leak(p))));

	return peek(hf_ref(q));
}

int nested(void);
int nested(void)
{
	hf_let(packet, p, hf_try(packet_new(1)));
	hf_let(packet, q, hf_try(packet_new(peek(hf_ref(p)))));

	return peek(hf_ref(p)) + peek(hf_ref(q));
}
