// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over records, of which each shortens the rest by what may be 0
// rule: untrusted-number
// compilers: none
// checker: may give 0, and then the loop of line [0-9]+ makes no step and does not end
#include <holdfast/holdfast.h>

struct tags {
	u32 known, unknown;
};

int tags_parse(struct tags *t, struct u8_cslice rest);
int tags_parse(struct tags *t, struct u8_cslice rest)
{
	while (hf_len(rest) > 4) {
		struct hf_reader r = hf_reader(rest);
		const u16 tag = hf_accept_any(hf_try(hf_read_be16(&r)));
#ifdef MISUSE
		const u16 bytes = hf_accept_any(hf_try(hf_read_be16(&r))); /* E */
#else
		const u16 bytes = hf_try(hf_in_range(hf_try(hf_read_be16(&r)), 4, 0xffff));
#endif

		if (tag == 0x0103)
			t->known++;
		else
			t->unknown++;
		rest = hf_try(hf_split_at(rest, bytes)).tail;
	}
	return 0;
}
