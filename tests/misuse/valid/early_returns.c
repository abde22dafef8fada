// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Ways out of a function, early and late, with owners in every state.
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

static int before_anything(int n)
{
	if (n < 0)
		return -EINVAL;
	hf_let(packet, p, hf_try(packet_new(n)));

	if (!n)
		return 0;
	transmit(hf_move(p));
	return 1;
}

static int after_the_move(int n)
{
	hf_let(packet, p, hf_try(packet_new(n)));

	transmit(hf_move(p));
	if (n > 3)
		return 1;
	return n;
}

static int between_two(int n)
{
	hf_let(packet, p, hf_try(packet_new(n)));

	if (n == 1)
		return -EAGAIN;
	hf_let(packet, q, hf_try(packet_new(n + 1)));

	if (n == 2)
		return -EBUSY;
	transmit(hf_move(q));
	if (n == 3)
		return -EINVAL;
	transmit(hf_move(p));
	return 0;
}

static int each_way_gives_it_away(int n)
{
	hf_let(packet, p, hf_try(packet_new(n)));

	if (n == 1)
		return try_transmit(hf_move(p));
	if (n == 2) {
		transmit(hf_move(p));
		return 0;
	}
	poke(hf_mut(p));
	return try_transmit(hf_move(p));
}

static int dropped_or_given(int n)
{
	hf_let(packet, p, hf_try(packet_new(n)));

	if (n & 1)
		hf_drop(packet, p);
	else
		transmit(hf_move(p));
	return n;
}

static int in_nested_scopes(int n)
{
	int sum = 0;

	{
		hf_let(packet, p, hf_try(packet_new(n)));

		sum += peek(hf_ref(p));
		{
			hf_let(packet, q, hf_try(packet_new(sum)));

			if (sum > 10)
				return sum;
			transmit(hf_move(q));
		}
		sum += peek(hf_ref(p));
	}
	return sum;
}

static int by_switch(int n)
{
	hf_let(packet, p, hf_try(packet_new(n)));

	switch (n) {
	case 0:
		return 0;
	case 1:
		transmit(hf_move(p));
		break;
	case 2:
		poke(hf_mut(p));
		return try_transmit(hf_move(p));
	default:
		hf_drop(packet, p);
	}
	return n;
}

int all(int n);
int all(int n)
{
	return before_anything(n) + after_the_move(n) + between_two(n) + each_way_gives_it_away(n) +
	       dropped_or_given(n) + in_nested_scopes(n) + by_switch(n);
}
