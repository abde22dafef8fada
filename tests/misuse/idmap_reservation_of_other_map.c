// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number of one kind of map filled in another
// rule: token-misused
// expect-gcc: incompatible type for argument 2 of 'handles_fill'
// expect-clang: passing .*'struct sessions_token'.* to parameter of incompatible type 'struct handles_token'
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

HF_IDMAP_DEFINE(sessions, ref_own);

int f(struct handles *handles, struct sessions *sessions, struct ref_own arg);
int f(struct handles *handles, struct sessions *sessions, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(sessions, slot, hf_try(hf_reserve_id(sessions, &sessions->ids, GFP_KERNEL)));

#ifdef MISUSE
	handles_fill(handles, hf_pass(slot), hf_move(r)); /* E */
#else
	(void)handles;
	sessions_fill(sessions, hf_pass(slot), hf_move(r));
#endif
	return 0;
}
