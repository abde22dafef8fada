// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function's owner is ignored, and leaks
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);

int f(void);
int f(void)
{
#ifdef MISUSE
	receive(); /* E */
#else
	hf_let(packet, p, receive());
#endif
	return 0;
}
