// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a call that gives an owner, of which only the error is read
// rule: owner-ignored
// compilers: none
// query: what the call gives is lost
#include <holdfast/own.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);

int f(void);
int f(void)
{
	int err;

#ifdef MISUSE
	err = hf_errno(hf_new(obj, GFP_KERNEL)); /* E */
#else
	const struct obj_own_result r = hf_new(obj, GFP_KERNEL);

	err = hf_errno(r);
	if (!err) {
		hf_let(obj, o, hf_try(r));
		hf_mut(o)->n = 1;
	}
#endif
	return err;
}
