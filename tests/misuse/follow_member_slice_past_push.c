// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of a vector in a member, and another function lets the vector grow
// rule: borrow-outlives-owner
// compilers: none
// checker: 's->buf' may move its elements here, and 's->head' was borrowed from it earlier
#include <holdfast/vec.h>

struct stream {
	struct u8_vec buf;
	struct u8_slice head;
};

int stream_begin(struct stream *s, struct u8_cslice header);
int stream_begin(struct stream *s, struct u8_cslice header)
{
	hf_try_errno(hf_vec_extend(&s->buf, header, GFP_KERNEL));
	s->head = hf_vec_slice(&s->buf);
	return 0;
}

int stream_feed(struct stream *s, struct u8_cslice body);
int stream_feed(struct stream *s, struct u8_cslice body)
{
	const size_t n = hf_len(s->head);

#ifdef MISUSE
	hf_try_errno(hf_vec_extend(&s->buf, body, GFP_KERNEL)); /* E */
#else
	hf_try_errno(hf_vec_extend(&s->buf, body, GFP_KERNEL));
	s->head = hf_vec_slice(&s->buf);
#endif
	return n ? 0 : -EINVAL;
}
