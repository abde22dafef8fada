// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the value of a token that still owes it, given back
// rule: token-twice
// compilers: none
// checker: 'tag_free' gets the value of 'tag', which still owes it and will give it back again
#include <holdfast/token.h>

HF_TOKEN_DEFINE(tag, u16);
struct tags;
void tag_free(struct tags *t, u16 tag);

struct cmd {
	struct tag_token tag;
	struct tags *tags;
	int status;
};

static void cmd_end(struct cmd *c)
{
	hf_owe(tag, t, hf_token_take(c->tag));

	tag_free(c->tags, hf_settle(t));
}

void cmd_done(struct cmd *c, int status);
void cmd_done(struct cmd *c, int status)
{
	c->status = status;
	if (hf_owed(c->tag))
		cmd_end(c);
}

void cmd_abort(struct cmd *c);
void cmd_abort(struct cmd *c)
{
	c->status = -ECANCELED;
	if (hf_owed(c->tag))
#ifdef MISUSE
		tag_free(c->tags, hf_token_value(c->tag)); /* E */
#else
		cmd_end(c);
#endif
}
