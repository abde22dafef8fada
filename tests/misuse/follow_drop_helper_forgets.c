// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function whose helper drops a member on one way only
// rule: member-not-dropped
// compilers: none
// checker: the object is freed, but on this path not what its member 'sense' owns
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct cmd {
	struct {
		struct buf_own data, sense;
	} dma;
	bool failed;
};

static void cmd_release(struct cmd *c)
{
	buf_own_drop(&c->dma.data);
#ifdef MISUSE
	if (!c->failed)
		return;
#endif
	buf_own_drop(&c->dma.sense);
}

static void cmd_free(struct cmd *c)
{
	cmd_release(c);
	hf_free(c); /* E */
}

HF_OWN_DEFINE(cmd, struct cmd, cmd_free);
