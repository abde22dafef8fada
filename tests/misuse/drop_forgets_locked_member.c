// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that ends a lock, and not what the locked data owns
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);

struct state {
	struct obj_own o;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

struct xfer {
	struct locked_state state;
};

static void xfer_free(struct xfer *x)
{
#ifdef MISUSE
	hf_lock_fini(&x->state);
	hf_free(x); /* E */
#else
	/* SAFETY: nobody else has a pointer to it. */
	obj_own_drop(&hf_lock_get_mut_unchecked(&x->state)->o);
	hf_lock_fini(&x->state);
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
