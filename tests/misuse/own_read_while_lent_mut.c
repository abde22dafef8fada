// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a read of what somebody borrows exclusively
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

#ifdef MISUSE
	if (peek(hf_ref(p))) /* E */
		return 1;
#endif
	poke(m);
	return 0;
}
