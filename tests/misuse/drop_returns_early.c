// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that returns on one way before it drops a member
// rule: member-not-dropped
// compilers: none
// query: the function returns, but on one way not what its member 'buf'
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct xfer {
	struct buf_own buf;
	bool built_in;
};

void xfer_free(struct xfer *x);
HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

void xfer_free(struct xfer *x)
{
#ifdef MISUSE
	if (x->built_in)
		return; /* E */
	buf_own_drop(&x->buf);
#else
	buf_own_drop(&x->buf);
	if (x->built_in)
		return;
#endif
	hf_free(x);
}
