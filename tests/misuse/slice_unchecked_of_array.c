// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_slice_unchecked() of an array, with a length of the user's
// rule: length-unknown
// expect: l->text\\?' is an array, whose length is known: use hf_slice\(\) or hf_array_subslice\(\)
#include <holdfast/cursor.h>

struct line {
	size_t len;
	u8 text[64];
};

int f(struct line *l, struct hf_uaccess_reader *from);
int f(struct line *l, struct hf_uaccess_reader *from)
{
	const size_t n = hf_remaining(from);

#ifdef MISUSE
	struct u8_slice to = hf_slice_unchecked(u8_slice, l->text, n); /* E */
#else
	struct u8_slice to = hf_try(hf_array_subslice(u8_slice, l->text, 0, n));
#endif

	hf_try_errno(hf_uaccess_read(from, to));
	l->len = n;
	return 0;
}
