// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a unique owner cloned
// rule: owner-of-other-type
// expect: no member named 'refs_at_'
#include <holdfast/arc.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);

void f(void);
void f(void)
{
	hf_let(packet, p, receive());
#ifdef MISUSE
	hf_let(packet, q, hf_clone(p)); /* E */
#else
	hf_let(packet, q, hf_move(p));
#endif
}
