// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a named borrow stored where the caller finds it
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

void f(const struct packet **out, int *len);
void f(const struct packet **out, int *len)
{
	hf_let(packet, p, receive());
	hf_borrow(r, p);

#ifdef MISUSE
	*out = r; /* E */
	*len = 0;
#else
	*out = NULL;
	*len = r->len;
#endif
}
