// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function of a pointer to void that forgets a member
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member 'buf' owns
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct xfer {
	struct buf_own buf;
};

void xfer_free(void *p);
HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

void xfer_free(void *p)
{
	struct xfer *x = p;

#ifdef MISUSE
	hf_free(x); /* E */
#else
	buf_own_drop(&x->buf);
	hf_free(x);
#endif
}
