// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner of a result taken out after hf_set_ok() took it
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
	int err = hf_set_ok(s->a, r);

	if (err)
		return err;
#ifdef MISUSE
	hf_let(obj, o, hf_try(r)); /* E */
#else
	hf_let(obj, o, hf_try(make()));
#endif
	return hf_ref(o)->n;
}
