// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a rate that the user gave, by which a helper divides, and which may be 0
// rule: untrusted-number
// compilers: none
// checker: may give 0 here, and line [0-9]+ divides by it
#include <holdfast/holdfast.h>

#define CLOCK 24576000U

struct codec {
	u32 rate, divider;
};

static u32 divider_of(u32 rate)
{
	return CLOCK / (rate * 256);
}

int codec_set_rate(struct codec *c, struct hf_uaccess_reader *r);
int codec_set_rate(struct codec *c, struct hf_uaccess_reader *r)
{
	const struct hf_untrusted_u32 rate = hf_try(hf_uaccess_read_u32(r));

#ifdef MISUSE
	c->rate = hf_try(hf_at_most(rate, 192000)); /* E */
#else
	c->rate = hf_try(hf_in_range(rate, 8000, 192000));
#endif
	c->divider = divider_of(c->rate);
	return 0;
}
