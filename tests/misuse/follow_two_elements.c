// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two elements of a slice by numbers from outside, which may be one, are given to what writes both
// rule: loan-conflict
// compilers: none
// checker: 'move_credits' writes both elements, which are one if the numbers from outside are equal
#include <holdfast/num.h>
#include <holdfast/slice.h>

struct channel {
	u32 credits, moves;
};

HF_SLICE_DEFINE(channel, struct channel);

struct request {
	struct hf_le16 from, to;
};

static void move_credits(struct channel *from, struct channel *to)
{
	const u32 all = from->credits;

	to->credits += all;
	from->credits = 0;
	from->moves++;
}

int channels_move(struct channel_slice all, const struct request *r);
int channels_move(struct channel_slice all, const struct request *r)
{
	const u16 i = hf_try(hf_below(hf_from_le(r->from), hf_len(all)));
	const u16 k = hf_try(hf_below(hf_from_le(r->to), hf_len(all)));
	struct channel *const from = hf_try(hf_get(all, i));
	struct channel *const to = hf_try(hf_get(all, k));

#ifdef MISUSE
	move_credits(from, to); /* E */
#else
	if (i == k)
		return -EINVAL;
	move_credits(from, to);
#endif
	return 0;
}
