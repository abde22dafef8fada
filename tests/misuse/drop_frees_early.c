// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees the object on one way before its member
// rule: member-not-dropped
// compilers: none
// query: is freed, but on one way not what its member 'buf'
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct xfer {
	struct buf_own buf;
	bool idle;
};

void xfer_free(struct xfer *x);
HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

void note_idle(void);

void xfer_free(struct xfer *x)
{
	if (x->idle) {
		note_idle();
#ifdef MISUSE
		hf_free(x); /* E */
		return;
#endif
	}
	buf_own_drop(&x->buf);
	hf_free(x);
}
