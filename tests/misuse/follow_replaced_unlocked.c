// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a copy of what RCU readers see is made and put back without the lock of the other writers
// rule: unlocked-data
// compilers: none
// checker: 'table_grow' replaces 't.sizes' under the lock of 't.writers', and this without it
#include <holdfast/lock.h>
#include <holdfast/rcu.h>

struct sizes {
	struct hf_rcu_head rcu;
	u32 entries, flags;
};

static void sizes_free(struct sizes *s)
{
	hf_free(s);
}

HF_RCU_DEFINE(sizes, struct sizes, rcu, sizes_free);
HF_LOCKED_DEFINE(locked_writers, mutex, u32);

struct table {
	struct sizes_rcu sizes;
	struct locked_writers writers;
};

void note_flag(u32 flag);

static int sizes_copy(const struct table *t, struct sizes *to)
{
	hf_rcu_read_else(s, &t->sizes, return -ENODEV);
	to->entries = s->entries;
	to->flags = s->flags;
	return 0;
}

int table_grow(const struct table *t);
int table_grow(const struct table *t)
{
	hf_let(sizes, next, hf_try(hf_new(sizes, GFP_KERNEL)));
	hf_lock(w, &t->writers);

	hf_try_errno(sizes_copy(t, hf_mut(next)));
	hf_mut(next)->entries++;
	++*w;
	hf_let(sizes_retired, old, sizes_rcu_replace(&t->sizes, hf_move(next)));
	return 0;
}

int table_flag(const struct table *t, u32 flag);
int table_flag(const struct table *t, u32 flag)
{
	hf_let(sizes, next, hf_try(hf_new(sizes, GFP_KERNEL)));
#ifdef MISUSE
	note_flag(flag);
#else
	hf_lock(w, &t->writers);
#endif

	hf_try_errno(sizes_copy(t, hf_mut(next)));
	hf_mut(next)->flags |= flag;
	hf_let(sizes_retired, old, sizes_rcu_replace(&t->sizes, hf_move(next))); /* E */
	return 0;
}
