// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner moved while it is borrowed exclusively
// rule: loan-conflict
// compilers: clang>=22
// expect: cannot call function 'hf_move_' while loan of 'p.own.loan' is held
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
void poke(struct packet *p);
void transmit(struct packet_own p);

void f(void);
void f(void)
{
	hf_let(packet, p, receive());
	hf_borrow_mut(m, p);

#ifdef MISUSE
	transmit(hf_move(p)); /* E */
#endif
	poke(m);
}
