// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a call that gives an owner, of which only the success is asked
// rule: owner-ignored
// compilers: none
// query: what 'make\(\)' gives is lost
#include <holdfast/own.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
struct obj_own_result make(void);

bool f(void);
bool f(void)
{
#ifdef MISUSE
	return hf_is_ok(make()); /* E */
#else
	hf_let(obj, o, hf_try_or(make(), false));

	return hf_ref(o)->n > 0;
#endif
}
