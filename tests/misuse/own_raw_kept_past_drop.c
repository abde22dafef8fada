// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer kept past the drop of its owner
// rule: borrow-outlives-owner
// compilers: none
// analyzer: use after 'hf_move' of 'raw'
// coccinelle: 'raw' borrows from 'p', which was moved
// checker: uses a pointer to what belongs to
#include <holdfast/own.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
int peek(const struct packet *p);
void poke(struct packet *p);
void transmit(struct packet_own p);

int f(void);
int f(void)
{
	hf_let(packet, p, receive());
	const struct packet *const raw = hf_ref(p);
	const int len = raw->len;

	hf_drop(packet, p);
#ifdef MISUSE
	return len + raw->len; /* E */
#else
	return len;
#endif
}
