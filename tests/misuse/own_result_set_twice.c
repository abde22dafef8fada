// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two places filled with the owner of one result
// rule: owner-copied
// compilers: none
// query: the owner of 'r' was taken out already in line
#include <holdfast/own.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
struct obj_own_result make(void);

struct slots {
	struct obj_own a, b;
};

int f(struct slots *s);
int f(struct slots *s)
{
	const struct obj_own_result r = make();

	hf_try_errno(hf_set_ok(s->a, r));
#ifdef MISUSE
	hf_try_errno(hf_set_ok(s->b, r)); /* E */
#else
	hf_try_errno(hf_set_ok(s->b, make()));
#endif
	return 0;
}
