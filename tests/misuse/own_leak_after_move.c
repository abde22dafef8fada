// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner given to foreign code after it was moved
// rule: use-after-move
// compilers: clang>=22
// expect: releasing ownership of 'p.own' that was not held
// analyzer: use after 'hf_move' of 'p.own.moved_'
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
void transmit(struct packet_own p);
void c_transmit(struct packet *p);

void f(void);
void f(void)
{
	hf_let(packet, p, receive());

	/* SAFETY: the C function takes the packet over. */
#ifdef MISUSE
	transmit(hf_move(p));
	c_transmit(hf_leak(p)); /* E */
#else
	/* SAFETY: as above. */
	c_transmit(hf_leak(p));
#endif
}
