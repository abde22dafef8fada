// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function called with a borrow of a member that still owns
// rule: owner-of-other-type
// compilers: none
// checker: this frees what 'c->firmware' still owns
#include <holdfast/holdfast.h>

struct image {
	u32 words[64];
};

static void image_free(struct image *i)
{
	hf_free(i);
}

HF_OWN_DEFINE(image, struct image, image_free);

struct codec {
	struct image_own firmware;
	u32 state;
};

static void codec_free(struct codec *c)
{
#ifdef MISUSE
	image_free(hf_mut(c->firmware)); /* E */
#endif
	image_own_drop(&c->firmware);
	hf_free(c);
}

HF_OWN_DEFINE(codec, struct codec, codec_free);
