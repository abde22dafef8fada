// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner of what a member borrows from another member
// rule: owner-copied
// compilers: none
// checker: 'running' is a borrow from 'fw', which owns the object
#include <holdfast/own.h>

struct fw {
	u8 image[64];
};

static void fw_free(struct fw *f)
{
	hf_free(f);
}

HF_OWN_DEFINE(fw, struct fw, fw_free);

struct codec {
	struct fw_own fw;
	struct fw *running;
};

void codec_start(struct codec *c);
void codec_start(struct codec *c)
{
	if (!hf_is_empty(c->fw))
		c->running = hf_mut(c->fw);
}

void codec_stop(struct codec *c);
void codec_stop(struct codec *c)
{
#ifdef MISUSE
	/* SAFETY: the codec runs it no more. */
	hf_let(fw, old, hf_adopt_unchecked(fw, c->running)); /* E */
#else
	hf_let(fw, old, hf_take(c->fw));
#endif
	c->running = NULL;
}
