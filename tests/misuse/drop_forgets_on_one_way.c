// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that drops a member on one way only
// rule: member-not-dropped
// compilers: none
// query: is freed, but on one way not what its member 'tail'
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

/* As a header declares it. */
struct xfer;
void xfer_free(struct xfer *x);

struct xfer {
	struct buf_own head, tail;
	bool split;
};

HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

void xfer_free(struct xfer *x)
{
	buf_own_drop(&x->head);
#ifdef MISUSE
	if (x->split)
		buf_own_drop(&x->tail);
	hf_free(x); /* E */
#else
	buf_own_drop(&x->tail);
	hf_free(x);
#endif
}
