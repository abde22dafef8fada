// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that shows the object to a function, which may not drop its member
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);

struct xfer {
	struct obj_own o;
	int tag;
};

void trace(const struct xfer *x);

static void xfer_free(struct xfer *x)
{
#ifdef MISUSE
	trace(x);
	hf_free(x); /* E */
#else
	trace(x);
	obj_own_drop(&x->o);
	hf_free(x);
#endif
}

HF_OWN_DEFINE(xfer, struct xfer, xfer_free);
int xfer_begin(void);
int xfer_begin(void)
{
	hf_let(xfer, x, hf_try(hf_new(xfer, GFP_KERNEL)));

	return hf_is_empty(x);
}
