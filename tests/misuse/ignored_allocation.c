// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation whose owner is ignored, and leaks
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/own.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

int f(void);
int f(void)
{
#ifdef MISUSE
	hf_new(packet, GFP_KERNEL); /* E */
#else
	hf_let(packet, p, hf_try(hf_new(packet, GFP_KERNEL)));
#endif
	return 0;
}
