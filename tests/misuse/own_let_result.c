// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation bound before its failure was looked at
// rule: result-misused
// expect-gcc: invalid initializer|incompatible types when initializing
// expect-clang: initializing 'struct packet_own' with an expression of incompatible type 'struct packet_own_result'
// explained: owner-of-other-type
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
	hf_let(packet, p, hf_new(packet, GFP_KERNEL)); /* E */
#else
	hf_let(packet, p, hf_try(hf_new(packet, GFP_KERNEL)));
#endif
	return 0;
}
