// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: user memory read as if it were the program's own
// rule: cursor-misused
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'hf_read_u8' from incompatible pointer type
// expect-clang: passing 'struct hf_uaccess_reader \*' to parameter of type 'struct hf_reader \*'
#include <holdfast/cursor.h>

int f(struct hf_uaccess_reader *r);
int f(struct hf_uaccess_reader *r)
{
#ifdef MISUSE
	return hf_accept_any(hf_try(hf_read_u8(r))); /* E */
#else
	return hf_accept_any(hf_try(hf_uaccess_read_u8(r)));
#endif
}
