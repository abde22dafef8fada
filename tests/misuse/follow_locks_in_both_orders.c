// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: three locks, each taken under another one, by helpers
// rule: lock-order
// compilers: none
// checker: this takes 'regs' under 'table', and by way of a third lock 'chan_count' takes them the other way round in line 48
#include <holdfast/lock.h>
#include <holdfast/slice.h>

struct regs {
	u32 last;
};

HF_LOCKED_DEFINE(locked_regs, mutex, struct regs);

struct stats {
	u32 sent;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

struct chan {
	struct locked_regs regs;
	struct locked_stats stats;
};

struct table {
	const struct chan *chan[8];
	u32 busy;
};

HF_LOCKED_DEFINE(locked_table, mutex, struct table);

static struct locked_table table;

static void chan_count(const struct locked_stats *stats)
{
	hf_lock(s, stats);

	s->sent++;
}

int chan_send(const struct chan *c, u32 word);
int chan_send(const struct chan *c, u32 word)
{
	hf_lock(r, &c->regs);

	r->last = word;
	chan_count(&c->stats);
	return 0;
}

u32 chan_report(const struct chan *c);
u32 chan_report(const struct chan *c)
{
	hf_lock(s, &c->stats);
	hf_lock(t, &table);

	return s->sent + t->busy;
}

static u32 chan_last(const struct chan *c)
{
	hf_lock(r, &c->regs);

	return r->last;
}

u32 table_last(u32 i);
u32 table_last(u32 i)
{
	const struct chan *c;

#ifdef MISUSE
	hf_lock(t, &table);

	c = hf_array_at(t->chan, i);
	return c ? chan_last(c) : 0; /* E */
#else
	{
		hf_lock(t, &table);

		c = hf_array_at(t->chan, i);
	}
	return c ? chan_last(c) : 0;
#endif
}
