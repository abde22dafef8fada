// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a shared borrow of what somebody borrows exclusively
// rule: loan-conflict
// compilers: clang>=22
// expect: loan of 'p.own.loan'
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
int peek(const struct packet *p);
void poke(struct packet *p);

int f(void);
int f(void)
{
	hf_let(packet, p, receive());
	hf_borrow_mut(m, p);

	poke(m);
#ifdef MISUSE
	hf_borrow(r, p); /* E */
	return peek(r);
#else
	return peek(m);
#endif
}
