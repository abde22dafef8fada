// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner inserted so that it is lost if there is no memory
// rule: owner-ignored
// expect: hf_vec_insert: the elements of \\?'q\\?' own something: use hf_vec_insert_own
#include <holdfast/vec.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_SLICE_DEFINE(packet_own, struct packet_own);
HF_OWNING_VEC_DEFINE(packet_own, packet_own_drop);

int f(struct packet_own_vec *q);
int f(struct packet_own_vec *q)
{
	hf_let(packet, p, hf_try(hf_new(packet, GFP_KERNEL)));

#ifdef MISUSE
	return hf_vec_insert(q, 0, hf_move(p), GFP_KERNEL); /* E */
#else
	return hf_vec_insert_own(packet_own, q, 0, hf_move(p), GFP_KERNEL);
#endif
}
