// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a map lent used after it was removed from the map and dropped
// rule: borrow-outlives-owner
// compilers: none
// coccinelle: 'r' borrows from 'gone'
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

int f(struct handles *m, u32 id);
int f(struct handles *m, u32 id)
{
	const struct ref *r = hf_try(handles_find(m, id));
	int uses = r->uses;

	if (!uses) {
		hf_let(ref, gone, hf_try(handles_remove(m, id)));
		uses = hf_ref(gone)->uses;
		hf_drop(ref, gone);
#ifdef MISUSE
		uses += r->uses; /* E */
#endif
	}
	return uses;
}
