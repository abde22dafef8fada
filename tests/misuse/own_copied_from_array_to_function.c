// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in an element of an array copied to a function
// rule: owner-copied
// compilers: none
// query: 'hf_array_at\(s->spare, i\)' is copied, and stays an owner as well: hf_take
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
void eat(struct obj_own o);

struct slot {
	struct obj_own spare[4];
};

void f(struct slot *s, size_t i);
void f(struct slot *s, size_t i)
{
#ifdef MISUSE
	eat(hf_array_at(s->spare, i)); /* E */
#else
	eat(hf_take(hf_array_at(s->spare, i)));
#endif
}
