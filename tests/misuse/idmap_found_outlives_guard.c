// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object of a map used after the guard of the map
// rule: guard-escapes
// compilers: clang>=23
// expect: local variable 'hf_guard_g' does not live long enough
#include <holdfast/holdfast.h>

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

int f(const struct locked_refs *refs, u32 id, const struct ref *other);
int f(const struct locked_refs *refs, u32 id, const struct ref *other)
{
	const struct ref *r = other;

	{
		hf_lock(g, refs);

#ifdef MISUSE
		u64 at = id;

		r = handles_next(&g->by_handle, &at); /* E */
#else
		u64 at = id;

		if (!handles_next(&g->by_handle, &at))
			return -ENOENT;
#endif
	}
	return r->uses;
}
