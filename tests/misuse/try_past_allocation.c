// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() past memory of the C library that nobody else knows of
// rule: try-past-held
// compilers: none
// coccinelle: may return without freeing 'text'
#include <holdfast/holdfast.h>

#include <stdlib.h>

struct u32_result read_text(char *to);

int f(char **out, u32 *n);
int f(char **out, u32 *n)
{
	char *text = malloc(16);
#ifdef MISUSE
	if (!text)
		return -ENOMEM;
	memset(text, 0, 16);
	*n = hf_try(read_text(text)); /* E */
#else
	int err;

	if (!text)
		return -ENOMEM;
	memset(text, 0, 16);
	err = hf_store_ok(*n, read_text(text));
	if (err) {
		free(text);
		return err;
	}
#endif
	*out = text;
	return 0;
}
