// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token that is taken early, and given back by a helper only if a later step was reached
// rule: member-not-dropped
// compilers: none
// checker: the object is freed, but on this path not what its member 'irq' owns: settle 'irq' before
#include <holdfast/holdfast.h>

HF_TOKEN_DEFINE(vector, u16);
struct vector_token vector_get(void);
void vector_put(u16 vector);

struct chan {
	struct vector_token irq;
	u32 enabled;
};

static void chan_end(struct chan *c)
{
#ifdef MISUSE
	if (!c->enabled)
		return;
#endif
	if (!hf_owed(c->irq))
		return;
	hf_owe(vector, v, hf_token_take(c->irq));

	vector_put(hf_settle(v));
}

static void chan_free(struct chan *c)
{
	chan_end(c);
	hf_free(c); /* E */
}

HF_OWN_DEFINE(chan, struct chan, chan_free);

void chan_init(struct chan *c);
void chan_init(struct chan *c)
{
	hf_token_set(c->irq, vector_get());
}

void chan_enable(struct chan *c);
void chan_enable(struct chan *c)
{
	c->enabled = 1;
}
