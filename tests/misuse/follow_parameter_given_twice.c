// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner that the caller gave, set into two places on one path
// rule: owner-copied
// compilers: none
// checker: 'b' was given away in line 34, and both then own the same
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct ring {
	struct buf_own current, spare;
	bool stalled;
};

static void ring_refill(struct ring *r, struct buf_own b)
{
	hf_let(buf, old, hf_replace(r->spare, b));
}

void f(struct ring *r, struct buf_own b);
void f(struct ring *r, struct buf_own b)
{
#ifndef MISUSE
	if (r->stalled) {
		ring_refill(r, b);
		return;
	}
#endif
	hf_let(buf, old, hf_replace(r->current, b));
#ifdef MISUSE
	if (r->stalled)
		ring_refill(r, b); /* E */
#endif
}
