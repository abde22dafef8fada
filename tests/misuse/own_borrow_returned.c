// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a named borrow returned from the scope of its owner
// rule: borrow-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable 'p'
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

const struct packet *f(const struct packet *other);
const struct packet *f(const struct packet *other)
{
	hf_let(packet, p, receive());
	hf_borrow(r, p);

#ifdef MISUSE
	return r; /* E */
#else
	return peek(r) ? other : NULL;
#endif
}
