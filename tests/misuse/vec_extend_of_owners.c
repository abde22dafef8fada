// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a vector extended by copies of owners
// rule: owner-copied
// expect-gcc: assignment of read-only location
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
// explained: owner-overwritten
#include <holdfast/vec.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_SLICE_DEFINE(packet_own, struct packet_own);
HF_OWNING_VEC_DEFINE(packet_own, packet_own_drop);

int f(struct packet_own_vec *to, struct packet_own_vec *from);
int f(struct packet_own_vec *to, struct packet_own_vec *from)
{
#ifdef MISUSE
	return hf_vec_extend(to, *from, GFP_KERNEL); /* E */
#else
	hf_for_each(p, *from)
		hf_try_errno(hf_vec_push_own(packet_own, to, hf_take(*p), GFP_KERNEL));
	return 0;
#endif
}
