// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in an element of a slice put into a field by naming the element
// rule: owner-copied
// compilers: none
// query: 'hf_at\(v, 2\)' is copied, and stays an owner as well: hf_take
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
HF_SLICE_DEFINE(objs, struct obj_own);

void f(struct obj_own *to, struct objs_slice v);
void f(struct obj_own *to, struct objs_slice v)
{
#ifdef MISUSE
	hf_set(*to, hf_at(v, 2)); /* E */
#else
	hf_set(*to, hf_take(hf_at(v, 2)));
#endif
}
