// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow used after the scope of its owner
// rule: borrow-escapes
// compilers: clang>=23
// expect: local variable 'p' does not live long enough
// analyzer: use after 'hf_drop' of 'r'
// explained: borrow-outlives-owner
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

int f(const struct packet *other);
int f(const struct packet *other)
{
	const struct packet *r = other;

	{
		hf_let(packet, p, receive());

#ifdef MISUSE
		r = hf_ref(p); /* E */
#else
		(void)peek(hf_ref(p));
#endif
	}
	return r->len; /* E */
}
