// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a process told that its mapping was made, whether it was or not
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/pages.h>

int f(struct hf_vma *vma, const struct hf_pages *p);
int f(struct hf_vma *vma, const struct hf_pages *p)
{
#ifdef MISUSE
	hf_vma_map_readonly(vma, p); /* E */
	return 0;
#else
	return hf_vma_map_readonly(vma, p);
#endif
}
