// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to what can only be read
// rule: cursor-misused
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'hf_write_u8' from incompatible pointer type
// expect-clang: passing 'struct hf_reader \*' to parameter of type 'struct hf_writer \*'
#include <holdfast/cursor.h>

int f(struct hf_reader *r, struct hf_writer *w);
int f(struct hf_reader *r, struct hf_writer *w)
{
	(void)r;
	(void)w;
#ifdef MISUSE
	return hf_write_u8(r, 1); /* E */
#else
	return hf_write_u8(w, 1);
#endif
}
