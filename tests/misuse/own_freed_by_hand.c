// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner freed as if it were a pointer
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 1 of 'hf_user_free'
// expect-clang: passing 'struct packet_own' to parameter of incompatible type
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);

void f(void);
void f(void)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	hf_free(p); /* E */
#else
	hf_drop(packet, p);
#endif
}
