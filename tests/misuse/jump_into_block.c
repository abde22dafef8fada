// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a goto into the block of a binding
// rule: jump-over-binding
// expect-gcc: (?:jump into scope|switch jumps into scope) of identifier with variably modified type
// expect-clang: cannot jump from (?:this goto|switch) statement to (?:its|this case) label
#include <holdfast/own.h>

struct packet {
	int len;
};
void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(void);
int probe(int n);

int probe(int n)
{
	int len = 0;

#ifdef MISUSE
	if (n > 4)
		goto inside; /* E */
#endif
	if (n > 3) {
		hf_let(packet, p, hf_try(packet_new()));

		len = hf_ref(p)->len;
#ifdef MISUSE
inside:
#endif
		len++;
	}
	return len;
}
