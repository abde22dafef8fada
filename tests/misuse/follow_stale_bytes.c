// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer for all answers, given to the user whole after a shorter answer
// rule: padding-to-user
// compilers: none
// checker: 'scanner->report' goes to the user whole, but only its beginning was written here
#include <holdfast/holdfast.h>

struct scanner {
	u8 report[96];
	u32 length, reports;
};

HF_LOCKED_DEFINE(locked_scanner, mutex, struct scanner);

static int scanner_fill(struct scanner *s, struct u8_cslice from)
{
	struct u8_slice to = hf_try(hf_array_subslice(u8_slice, s->report, 0, hf_len(from)));

	hf_try_errno(hf_copy(to, from));
	s->length = (u32)hf_len(from);
	s->reports++;
	return 0;
}

int scanner_read(const struct locked_scanner *scanner, struct u8_cslice from, struct hf_uaccess_writer *to);
int scanner_read(const struct locked_scanner *scanner, struct u8_cslice from, struct hf_uaccess_writer *to)
{
	hf_lock(s, scanner);

	hf_try_errno(scanner_fill(s, from));
#ifdef MISUSE
	return hf_uaccess_write(to, hf_slice(u8_cslice, s->report)); /* E */
#else
	return hf_uaccess_write(to, hf_try(hf_array_subslice(u8_cslice, s->report, 0, s->length)));
#endif
}
