// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number of one kind of map reserved in another
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'handles_reserve_' from incompatible pointer type
// expect-clang: incompatible pointer types passing .*'struct sessions_ids \*'|'struct sessions_ids \*' to parameter
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

HF_IDMAP_DEFINE(sessions, ref_own);

int f(struct handles *handles, struct sessions *sessions);
int f(struct handles *handles, struct sessions *sessions)
{
	(void)handles;
	(void)sessions;
#ifdef MISUSE
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &sessions->ids, GFP_KERNEL))); /* E */
#else
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &handles->ids, GFP_KERNEL)));
#endif
	handles_give_back(hf_pass(slot));
	return 0;
}
