// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: as many pages allocated as a process wants to map
// rule: untrusted-number
// expect: incompatible type for argument 1 of 'hf_new_pages'|passing 'struct hf_untrusted_u64' to parameter of incompatible type
#include <holdfast/pages.h>

int f(struct hf_vma *vma);
int f(struct hf_vma *vma)
{
#ifdef MISUSE
	hf_let(hf_pages, p, hf_try(hf_new_pages(hf_vma_size(vma), GFP_KERNEL))); /* E */
#else
	const u64 size = hf_try(hf_at_most(hf_vma_size(vma), 4 << 20));
	hf_let(hf_pages, p, hf_try(hf_new_pages(size, GFP_KERNEL)));
#endif

	return hf_vma_map_readonly(vma, hf_ref(p));
}
