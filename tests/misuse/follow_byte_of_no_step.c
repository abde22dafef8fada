// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over options that goes on by a byte of each, which may be 0
// rule: untrusted-number
// compilers: none
// checker: a byte of what this loop reads may be 0, and then it makes no step and does not end
#include <holdfast/holdfast.h>

struct options {
	u64 bytes, others;
};

static void option_take(struct options *o, u8 kind, struct hf_reader value)
{
	if (kind == 4)
		o->bytes += hf_remaining(&value);
	else
		o->others++;
}

int options_parse(struct options *o, struct u8_cslice bytes);
int options_parse(struct options *o, struct u8_cslice bytes)
{
	size_t at = 0;

	while (at + 2 <= hf_len(bytes)) { /* E */
		const u8 length = hf_at(bytes, at + 1);

#ifdef MISUSE
		o->others += !length;
#else
		if (length < 2)
			return -EPROTO;
#endif
		const struct u8_cslice option = hf_try(hf_subslice(bytes, at, length));

		option_take(o, hf_at(bytes, at), hf_reader(option));
		at += length;
	}
	return 0;
}
