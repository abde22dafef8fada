// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two owners taken out of one result
// rule: owner-copied
// compilers: none
// checker: the owner in 'r' was taken out in line
// query: the owner of 'r' was taken out already in line
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
struct obj_own_result make(void);
void eat(struct obj_own o);

int f(void);
int f(void)
{
	struct obj_own_result r = make();
	hf_let(obj, o, hf_try(r));
#ifdef MISUSE
	hf_let(obj, p, hf_try(r)); /* E */
#else
	hf_let(obj, p, hf_try(make()));
#endif

	return hf_ref(o)->n + hf_ref(p)->n;
}
