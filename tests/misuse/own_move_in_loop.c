// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a move in a for loop of an owner bound outside it
// rule: move-in-loop
// compilers: none
// analyzer: use after 'hf_move' of 'p.own.moved_'
// explained: use-after-move
// coccinelle: 'p' is moved again by the loop that moved it
// checker: owns nothing here
// explained: use-after-move
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

void f(int n);
void f(int n)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	for (int i = 0; i < n; i++)
		transmit(hf_move(p)); /* E */
#else
	if (n)
		transmit(hf_move(p));
#endif
}
