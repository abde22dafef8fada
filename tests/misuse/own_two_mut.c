// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two exclusive borrows at a time
// rule: loan-conflict
// compilers: clang>=22
// expect: loan of 'p.own.loan'
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
void poke(struct packet *p);

void f(void);
void f(void)
{
	hf_let(packet, p, receive());
	hf_borrow_mut(a, p);
#ifdef MISUSE
	hf_borrow_mut(b, p); /* E */

	poke(b);
#endif
	poke(a);
}
