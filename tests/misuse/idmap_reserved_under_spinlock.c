// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number reserved, by flags that may sleep, under the spinlock of its map
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
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
#ifdef MISUSE
	hf_lock(g, refs);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &g->by_handle.ids, GFP_KERNEL))); /* E */
#else
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(refs, by_handle), GFP_KERNEL)));
	hf_lock(g, refs);
#endif
	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
	return 0;
}
