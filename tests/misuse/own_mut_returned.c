// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow returned from the scope of its owner
// rule: borrow-escapes
// compilers: clang>=23
// expect: stack memory associated with local variable 'p' is returned
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

struct packet *f(struct packet *other);
struct packet *f(struct packet *other)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	return hf_mut(p); /* E */
#else
	poke(hf_mut(p));
	return other;
#endif
}
