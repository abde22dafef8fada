// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_store_ok() into a field that owns
// rule: owner-overwritten
// compilers: any
// expect: hf_store_ok: .* is the result of an owner: use hf_set_ok
#include <holdfast/holdfast.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

struct slot {
	struct packet_own packet;
};

int fill(struct slot *s);
int fill(struct slot *s)
{
#ifdef MISUSE
	return hf_store_ok(s->packet, hf_new(packet, GFP_KERNEL)); /* E */
#else
	return hf_set_ok(s->packet, hf_new(packet, GFP_KERNEL));
#endif
}
