// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner's pointer taken by hand
// rule: private-member
// compilers: none
// query: 'ptr_' is private to Holdfast
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

#ifdef MISUSE
	return peek(p.own.ptr_); /* E */
#else
	return peek(hf_ref(p));
#endif
}
