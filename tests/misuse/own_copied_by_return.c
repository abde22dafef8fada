// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner returned by naming it
// rule: owner-copied
// compilers: none
// query: 'p' is copied, and stays an owner as well: hf_move
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

struct packet_own f(void);
struct packet_own f(void)
{
	hf_let(packet, p, receive());

	poke(hf_mut(p));
#ifdef MISUSE
	return p; /* E */
#else
	return hf_move(p);
#endif
}
