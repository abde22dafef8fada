// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure that contains an owner is assigned
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

struct job {
	int id;
	struct packet_own packet;
};

void steal(struct job *to, struct job *from);
void steal(struct job *to, struct job *from)
{
#ifdef MISUSE
	*to = *from; /* E */
#else
	to->id = from->id;
	hf_set(to->packet, hf_take(from->packet));
#endif
}
