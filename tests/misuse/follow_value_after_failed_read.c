// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a value that is used though its read failed and only a flag was set
// rule: result-misused
// compilers: none
// checker: 'len' has no value on this path
#include <holdfast/cursor.h>

int f(struct hf_reader *r, u32 *failed);
int f(struct hf_reader *r, u32 *failed)
{
	struct hf_untrusted_u16 len;
	int err = hf_store_ok(len, hf_read_le16(r));

#ifdef MISUSE
	if (err < 0)
		++*failed;
#else
	if (err < 0)
		return ++*failed, err;
#endif
	return hf_try(hf_at_most(len, 1500)); /* E */
}
