// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: elements of an array are swapped; deep inside them is an owner
// rule: owner-overwritten
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
#include <holdfast/holdfast.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

struct slot {
	struct {
		struct packet_own packet;
	} tx;
};

struct ring {
	struct slot slots[4];
};

void second_to_first(struct ring *r);
void second_to_first(struct ring *r)
{
#ifdef MISUSE
	r->slots[0] = r->slots[1]; /* E */
#else
	hf_set(r->slots[0].tx.packet, hf_take(r->slots[1].tx.packet));
#endif
}
