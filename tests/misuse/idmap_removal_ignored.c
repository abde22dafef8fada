// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a removed object ignored, and leaked
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
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
	handles_remove(m, id); /* E */
#else
	hf_let(ref, r, hf_try(handles_remove(m, id)));
#endif
	return 0;
}
