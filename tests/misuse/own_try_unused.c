// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() only to return the error: the owner that it gives is lost
// rule: owner-ignored
// compilers: none
// query: the owner that 'hf_try\(make\(\)\)' gives is lost
#include <holdfast/own.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
struct obj_own_result make(void);

int f(void);
int f(void)
{
#ifdef MISUSE
	hf_try(make()); /* E */
	return 0;
#else
	hf_let(obj, o, hf_try(make()));

	return hf_ref(o)->n;
#endif
}
