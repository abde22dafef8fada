// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result's value taken past its error
// rule: private-member
// compilers: none
// query: 'val_' is private to Holdfast
#include <holdfast/num.h>

struct u32_result lookup(int id);

int f(int id);
int f(int id)
{
#ifdef MISUSE
	return (int)lookup(id).val_; /* E */
#else
	return (int)hf_try(lookup(id));
#endif
}
