// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner used as a pointer, past the check that it owns something
// rule: owner-of-other-type
// expect-gcc: invalid type argument of '->'
// expect-clang: member reference type 'struct packet_own' is not a pointer
#include <holdfast/own.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);

int f(void);
int f(void)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	return p->len; /* E */
#else
	return hf_ref(p)->len;
#endif
}
