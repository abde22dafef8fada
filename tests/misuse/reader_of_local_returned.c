// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reader of a local array returned
// rule: slice-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable 'buf' returned
// explained: borrow-escapes
#include <holdfast/cursor.h>

struct hf_reader f(struct hf_reader other);
struct hf_reader f(struct hf_reader other)
{
	u8 buf[4] = { 0 };

	hf_fill(hf_slice(u8_slice, buf), 1);
#ifdef MISUSE
	return hf_reader(hf_slice(u8_cslice, buf)); /* E */
#else
	return other;
#endif
}
