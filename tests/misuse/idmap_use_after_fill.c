// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object used by the one who gave it to a map, where others can remove it
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'r.own'
// coccinelle: 'r' was moved
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

int f(struct locked_refs *refs, struct ref_own arg);
int f(struct locked_refs *refs, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(refs, by_handle), GFP_KERNEL)));
#ifdef MISUSE
	{
		hf_lock(g, refs);
		handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
	}
	hf_mut(r)->uses = 1; /* E */
#else
	hf_mut(r)->uses = 1;
	hf_mut(r)->handle = hf_token_value(slot).id;
	hf_lock(g, refs);
	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
#endif
	return 0;
}
