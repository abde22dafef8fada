// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in an element of a slice copied by a return
// rule: owner-copied
// compilers: none
// query: 'hf_at\(v, i\)' is copied, and stays an owner as well: hf_take
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
HF_SLICE_DEFINE(objs, struct obj_own);

struct obj_own f(struct objs_slice v, size_t i);
struct obj_own f(struct objs_slice v, size_t i)
{
#ifdef MISUSE
	return hf_at(v, i); /* E */
#else
	return hf_take(hf_at(v, i));
#endif
}
