// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer result dereferenced before its error was looked at
// rule: result-misused
// expect-gcc: has no member named 'ptr'|invalid type argument of '->'
// expect-clang: member reference type .* is not a pointer
#include <holdfast/slice.h>

struct entry {
	int key;
};

HF_SLICE_DEFINE(entry, struct entry);

int f(struct entry_cslice table, size_t i);
int f(struct entry_cslice table, size_t i)
{
#ifdef MISUSE
	return hf_get(table, i)->key; /* E */
#else
	return hf_try(hf_get(table, i))->key;
#endif
}
