// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number that is reserved, and neither filled nor given back on one path
// rule: token-forgotten
// compilers: clang>=22
// expect: duty of 'slot.due' is still held at the end of function|duty of 'slot.due' is not held on every path
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
	bool closed;
};

HF_LOCKED_DEFINE(locked_refs, spinlock, struct refs);

int f(struct locked_refs *refs, struct ref_own arg);
int f(struct locked_refs *refs, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(refs, by_handle), GFP_KERNEL))); /* E */
	hf_lock(g, refs);

	if (g->closed) {
#ifdef MISUSE
		return -ESHUTDOWN;
#else
		handles_give_back(hf_pass(slot));
		return -ESHUTDOWN;
#endif
	}
	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
	return 0;
}
