// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: owners cut off a vector without a drop
// rule: owner-ignored
// expect: hf_vec_truncate: the elements of \\?'q\\?' own something: use name_vec_truncate
#include <holdfast/vec.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_SLICE_DEFINE(packet_own, struct packet_own);
HF_OWNING_VEC_DEFINE(packet_own, packet_own_drop);

void f(struct packet_own_vec *q);
void f(struct packet_own_vec *q)
{
#ifdef MISUSE
	hf_vec_truncate(q, 3); /* E */
#else
	packet_own_vec_truncate(q, 3);
#endif
}
