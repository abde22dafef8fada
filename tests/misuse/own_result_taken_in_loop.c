// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner of one result taken out in each turn of a loop
// rule: owner-copied
// compilers: none
// checker: the owner in 'r' was taken out in line
// query: the owner of 'r' is taken out in each turn of the loop
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
struct obj_own_result make(void);
void eat(struct obj_own o);

int f(int n);
int f(int n)
{
#ifdef MISUSE
	struct obj_own_result r = make();

	if (!hf_is_ok(r))
		return hf_errno(r);
#endif
	while (n--) {
#ifdef MISUSE
		hf_let(obj, o, hf_try(r)); /* E */
#else
		hf_let(obj, o, hf_try(make()));
#endif

		eat(hf_move(o));
	}
	hf_let(obj, last, hf_try(make()));
	return hf_ref(last)->n;
}
