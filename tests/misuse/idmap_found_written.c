// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to an object that was borrowed shared
// rule: write-to-shared
// expect-gcc: assignment of member 'uses' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

int f(struct handles *m, u32 id);
int f(struct handles *m, u32 id)
{
#ifdef MISUSE
	hf_try(handles_find(m, id))->uses = 1; /* E */
#else
	hf_try(handles_find_mut(m, id))->uses = 1;
#endif
	return 0;
}
