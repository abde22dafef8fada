// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object found without the lock of its map
// rule: unlocked-data
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'handles_find' from incompatible pointer type
// expect-clang: incompatible pointer types passing .*'const struct handles_ids \*'|'const struct handles_ids \*' to parameter
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

struct refs {
	struct handles by_handle;
};

HF_LOCKED_DEFINE(locked_refs, spinlock, struct refs);

int f(const struct locked_refs *refs, u32 id);
int f(const struct locked_refs *refs, u32 id)
{
#ifdef MISUSE
	return hf_try(handles_find(hf_idmap_of(refs, by_handle), id))->uses; /* E */
#else
	hf_lock(g, refs);

	return hf_try(handles_find(&g->by_handle, id))->uses;
#endif
}
