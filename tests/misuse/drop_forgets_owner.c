// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees the object and forgets a member that owns
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct xfer {
	struct buf_own buf;
	u32 len;
};

static void xfer_free(struct xfer *x)
{
#ifdef MISUSE
	hf_free(x); /* E */
#else
	buf_own_drop(&x->buf);
	hf_free(x);
#endif
}

HF_OWN_DEFINE(xfer, struct xfer, xfer_free);
int xfer_begin(struct xfer_own_result *r);
int xfer_begin(struct xfer_own_result *r)
{
	hf_let(xfer, x, hf_try(hf_new(xfer, GFP_KERNEL)));

	(void)r;
	return hf_ref(x)->len == 0;
}
