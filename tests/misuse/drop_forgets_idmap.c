// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that forgets a map, whose objects are owned
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member 'by_handle' owns
#include <holdfast/holdfast.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

struct proc {
	struct handles by_handle;
};

void proc_free(struct proc *p);
HF_OWN_DEFINE(proc, struct proc, proc_free);

void proc_free(struct proc *p)
{
#ifdef MISUSE
	hf_free(p); /* E */
#else
	handles_clear(&p->by_handle);
	handles_fini(&p->by_handle);
	hf_free(p);
#endif
}
