// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a map copied to a local variable
// rule: pinned-copied
// compilers: none
// query: '\*from' is copied, but others point to it
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

bool f(const struct handles *from);
bool f(const struct handles *from)
{
#ifdef MISUSE
	const struct handles copy = *from; /* E */

	return handles_empty(&copy);
#else
	return handles_empty(from);
#endif
}
