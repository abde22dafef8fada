// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a goto over an owner, which is then dropped without a value
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
int start(void);
int probe(bool quick);

int probe(bool quick)
{
	int err = start();

	if (err)
		return err;
#ifdef MISUSE
	if (quick)
		goto out; /* E */
#else
	if (quick)
		return 0;
#endif
	hf_let(packet, p, hf_try(packet_new()));

	err = hf_ref(p)->len;
#ifdef MISUSE
out:
#endif
	return err;
}
