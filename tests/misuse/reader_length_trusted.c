// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a length taken as trusted where an untrusted one is checked
// rule: untrusted-number
// expect-gcc: '_Generic' selector of type .* is not compatible with any association
// expect-clang: controlling expression type .* not compatible with any generic association type
#include <holdfast/cursor.h>

int f(struct hf_reader *r, u8 n);
int f(struct hf_reader *r, u8 n)
{
#ifdef MISUSE
	struct hf_reader body = hf_try(hf_subreader(r, n)); /* E */
#else
	struct hf_reader body = hf_try(hf_subreader(r, hf_untrusted_u8(n)));
#endif

	return hf_remaining(&body) == n;
}
