// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow stored in a global
// rule: borrow-escapes
// compilers: clang>=23
// expect: local variable 'p' escapes to the global variable 'last'
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

extern const struct packet *last;
const struct packet *last;

void f(const struct packet *other);
void f(const struct packet *other)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	last = hf_ref(p); /* E */
#else
	last = peek(hf_ref(p)) ? other : NULL;
#endif
}
