// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the header taken off a length of which only the upper end was checked, as the reader did, too
// rule: arithmetic-overflow
// compilers: none
// checker: wraps, as the number from outside may be 0: .* large enough
#include <holdfast/holdfast.h>

#define HEADER 6U

struct answer {
	u8 raw[64];
	u32 length, sum;
};

static u32 body_length(const struct answer *a)
{
	return a->length - HEADER; /* E */
}

int answer_read(struct answer *a, struct hf_reader *r);
int answer_read(struct answer *a, struct hf_reader *r)
{
	const struct hf_untrusted_u16 length = hf_try(hf_read_be16(r));

#ifdef MISUSE
	a->length = hf_try(hf_at_most(length, sizeof(a->raw)));
#else
	a->length = hf_try(hf_in_range(length, HEADER, sizeof(a->raw)));
#endif
	if (a->length > hf_remaining(r))
		return -ENODATA;
	/* SAFETY: it is not longer than the array. */
	const struct u8_cslice body = hf_slice_unchecked(u8_cslice, a->raw + HEADER, body_length(a));

	hf_for_each(b, body)
		a->sum += *b;
	return 0;
}
