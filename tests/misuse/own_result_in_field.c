// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner of a result in a field taken out, and not out of the field
// rule: owner-copied
// compilers: none
// query: 'x->r' is copied, and its owner then has two
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
struct obj_own_result make(void);
void eat(struct obj_own o);

struct request {
	struct obj_own_result r;
	struct obj_own o;
};

int f(struct request *x);
int f(struct request *x)
{
#ifdef MISUSE
	hf_let(obj, o, hf_try(x->r)); /* E */
#else
	hf_let(obj, o, hf_take(x->o));
#endif

	return hf_is_empty(o);
}
