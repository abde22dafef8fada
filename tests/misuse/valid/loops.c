// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Loops that move what they bind, and owners outside that are moved at most once.
#include <holdfast/own.h>

struct packet {
	int len, id;
	unsigned char data[64];
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(int len);
struct packet_own receive(void);
void transmit(struct packet_own p);
int try_transmit(struct packet_own p);
int peek(const struct packet *p);
void poke(struct packet *p);
bool wanted(int i);

static int bound_inside(int n)
{
	for (int i = 0; i < n; i++) {
		hf_let(packet, p, hf_try(packet_new(i)));

		transmit(hf_move(p));
	}
	return n;
}

static int bound_inside_and_kept_sometimes(int n)
{
	int kept = 0;

	while (n--) {
		hf_let(packet, p, receive());

		if (!wanted(n))
			continue;
		if (kept > 3)
			break;
		kept += peek(hf_ref(p));
		transmit(hf_move(p));
	}
	return kept;
}

static void moved_and_left(int n)
{
	hf_let(packet, p, receive());

	for (int i = 0; i < n; i++) {
		if (!wanted(i))
			continue;
		transmit(hf_move(p));
		break;
	}
}

static int moved_and_returned(int n)
{
	hf_let(packet, p, receive());

	for (int i = 0; i < n; i++)
		if (wanted(i))
			return try_transmit(hf_move(p));
	return -ENOENT;
}

static int lent_in_each_turn(int n)
{
	int sum = 0;
	hf_let(packet, p, receive());

	for (int i = 0; i < n; i++) {
		hf_borrow(r, p);

		sum += peek(r);
	}
	for (int i = 0; i < n; i++)
		poke(hf_mut(p));
	transmit(hf_move(p));
	return sum;
}

static void moved_after_the_loop(int n)
{
	hf_let(packet, p, receive());

	do {
		poke(hf_mut(p));
	} while (--n);
	transmit(hf_move(p));
}

static int two_loops(int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++) {
		hf_let(packet, p, receive());

		for (int j = 0; j < n; j++) {
			hf_let(packet, q, receive());

			sum += peek(hf_ref(p)) + peek(hf_ref(q));
			if (wanted(j))
				transmit(hf_move(q));
		}
		if (wanted(i))
			transmit(hf_move(p));
	}
	return sum;
}

static void by_case(int n)
{
	while (n--) {
		hf_let(packet, p, receive());

		switch (n) {
		case 0:
			transmit(hf_move(p));
			continue;
		case 1:
			hf_drop(packet, p);
			break;
		default:
			poke(hf_mut(p));
			transmit(hf_move(p));
		}
	}
}

static void refilled(int n)
{
	hf_let(packet, p, receive());

	while (n--) {
		hf_let(packet, old, hf_replace(p, receive()));

		transmit(hf_move(old));
	}
	poke(hf_mut(p));
}

int all(int n);
int all(int n)
{
	moved_and_left(n);
	moved_after_the_loop(n);
	by_case(n);
	refilled(n);
	return bound_inside(n) + bound_inside_and_kept_sometimes(n) + moved_and_returned(n) +
	       lent_in_each_turn(n) + two_loops(n);
}
