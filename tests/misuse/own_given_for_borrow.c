// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner given where a borrow is expected
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 1 of 'peek'
// expect-clang: passing 'struct packet_own' to parameter of incompatible type
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
int peek(const struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);

int f(void);
int f(void)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	return peek(p); /* E */
#else
	return peek(hf_ref(p));
#endif
}
