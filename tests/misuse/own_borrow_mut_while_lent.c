// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow of what somebody borrows
// rule: loan-conflict
// compilers: clang>=22
// expect: while loan of 'p.own.loan' is held|loan of 'p.own.loan' that is already held
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
	hf_borrow(r, p);

#ifdef MISUSE
	hf_borrow_mut(m, p); /* E */
	poke(m);
#endif
	return peek(r);
}
