// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reservation of which only the success is asked: nobody gives it back
// rule: owner-ignored
// compilers: none
// query: what the call gives is lost
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

bool f(struct handles *m);
bool f(struct handles *m)
{
#ifdef MISUSE
	return hf_is_ok(hf_reserve_id(handles, &m->ids, GFP_KERNEL)); /* E */
#else
	hf_owe(handles, slot, hf_try_or(hf_reserve_id(handles, &m->ids, GFP_KERNEL), false));

	handles_give_back(hf_pass(slot));
	return true;
#endif
}
