// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result returned after its owner was taken out in a block
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
bool fits(const struct obj *o);

struct obj_own_result f(void);
struct obj_own_result f(void)
{
	struct obj_own_result r = make();

	{
		hf_let(obj, o, hf_try_in(obj_own, r));

		if (!fits(hf_ref(o)))
			return hf_err(obj_own, -EIO);
	}
#ifdef MISUSE
	return r; /* E */
#else
	return make();
#endif
}
