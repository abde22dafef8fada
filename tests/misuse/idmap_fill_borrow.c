// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrowed object put into a map that owns its objects
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument 3 of 'handles_fill'
// expect-clang: passing .*'struct ref \*'.* to parameter of incompatible type 'struct ref_own'
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

void f(struct handles *m, struct handles_token reserved, struct ref_own arg);
void f(struct handles *m, struct handles_token reserved, struct ref_own arg)
{
	hf_owe(handles, slot, reserved);
	hf_let(ref, r, arg);

#ifdef MISUSE
	handles_fill(m, hf_pass(slot), hf_mut(r)); /* E */
#else
	handles_fill(m, hf_pass(slot), hf_move(r));
#endif
}
