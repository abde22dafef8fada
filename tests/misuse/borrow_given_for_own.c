// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow given where ownership is taken
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 1 of 'transmit'
// expect-clang: passing 'struct packet \*' to parameter of incompatible type
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
void transmit(struct packet_own p);

void f(struct packet *p, struct packet_own own);
void f(struct packet *p, struct packet_own own)
{
	hf_let(packet, mine, own);

	(void)p;
#ifdef MISUSE
	transmit(p); /* E */
#else
	transmit(hf_move(mine));
#endif
}
