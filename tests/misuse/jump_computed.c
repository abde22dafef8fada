// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a computed goto into the scope of an owner
// rule: jump-over-binding
// compilers: clang
// flags: -Wno-pedantic
// expect: cannot jump from this indirect goto statement to one of its possible targets
#include <holdfast/own.h>

struct packet {
	int len;
};
void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own_result packet_new(void);
int step(int n);

int step(int n)
{
#ifdef MISUSE
	static void *const steps[] = { &&first, &&second };
	goto *steps[n & 1]; /* E */
first:
	n++;
#endif
	hf_let(packet, p, hf_try(packet_new()));

	n += hf_ref(p)->len;
#ifdef MISUSE
second:
#endif
	return n;
}
