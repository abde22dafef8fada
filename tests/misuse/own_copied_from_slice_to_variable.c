// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in an element of a slice bound to a variable by naming the element
// rule: owner-copied
// compilers: none
// query: 'hf_at\(v, 0\)' is copied, and stays an owner as well: hf_take
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
HF_SLICE_DEFINE(objs, struct obj_own);

int f(struct objs_slice v);
int f(struct objs_slice v)
{
#ifdef MISUSE
	hf_let(obj, o, hf_at(v, 0)); /* E */
#else
	hf_let(obj, o, hf_take(hf_at(v, 0)));
#endif

	return hf_is_empty(o);
}
