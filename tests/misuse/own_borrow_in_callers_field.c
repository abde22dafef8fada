// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow stored in a structure of the caller's
// rule: borrow-escapes
// compilers: none
// coccinelle: a borrow from 'p' is stored beyond the scope
// checker: keeps a pointer to what belongs to
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

struct holder {
	const struct packet *p;
	int len;
};

void f(struct holder *h);
void f(struct holder *h)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	h->p = hf_ref(p); /* E */
#else
	h->len = hf_ref(p)->len;
#endif
}
