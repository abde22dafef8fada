// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner moved to nobody, who leaks it
// rule: owner-ignored
// compilers: gcc
// flags: -Werror=unused-value
// expect: value computed is not used
// coccinelle: what 'p' owned is leaked: nobody takes this value
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
	hf_move(p); /* E */
#else
	hf_drop(packet, p);
#endif
}
