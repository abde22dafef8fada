// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that drops one of two members that own
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct pair {
	struct buf_own rx;
	struct buf_own tx;
};

void pair_free(struct pair *p);
HF_OWN_DEFINE(pair, struct pair, pair_free);

void pair_free(struct pair *p)
{
	buf_own_drop(&p->rx);
#ifdef MISUSE
	hf_free(p); /* E */
#else
	buf_own_drop(&p->tx);
	hf_free(p);
#endif
}
