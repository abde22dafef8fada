// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner moved twice
// rule: use-after-move
// compilers: clang>=22
// expect: releasing ownership of 'p.own' that was not held
// analyzer: use after 'hf_move' of 'p.own.moved_'
// coccinelle: 'p' was moved
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
void transmit(struct packet_own p);

void f(void);
void f(void)
{
	hf_let(packet, p, receive());

	transmit(hf_move(p));
#ifdef MISUSE
	transmit(hf_move(p)); /* E */
#endif
}
