// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that forgets owners in an array of two dimensions, two levels below
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);

struct grid {
	struct obj_own at[2][2];
};

struct part {
	struct grid grid;
};

struct xfer {
	struct part part;
};

static void xfer_free(struct xfer *x)
{
#ifdef MISUSE
	hf_free(x); /* E */
#else
	for (size_t i = 0; i < 4; i++)
		obj_own_drop(&hf_array_at(hf_array_at(x->part.grid.at, i / 2), i % 2));
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
