// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a mapping kept past the mmap operation that it was lent to
// rule: borrow-escapes
// compilers: none
// query: 'last' keeps what an operation of a file was lent
#include <holdfast/pages.h>

#ifdef MISUSE
static struct hf_vma *last; /* E */
#endif

int f(struct hf_vma *vma, const struct hf_pages *p);
int f(struct hf_vma *vma, const struct hf_pages *p)
{
#ifdef MISUSE
	last = vma;
#endif
	return hf_vma_map_readonly(vma, p);
}

#ifdef MISUSE
int g(const struct hf_pages *p);
int g(const struct hf_pages *p)
{
	return hf_vma_map_readonly(last, p);
}
#endif
