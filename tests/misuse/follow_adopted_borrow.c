// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow that is kept in a member, and becomes a second owner
// rule: owner-copied
// compilers: none
// checker: active' keeps a borrow of what has an owner already
#include <holdfast/holdfast.h>

struct table {
	u32 entries[16];
};

void table_free(struct table *t);
HF_OWN_DEFINE(table, struct table, table_free);

struct router {
	struct table_own table;
	struct table *active;
};

int router_start(struct router *r);
int router_start(struct router *r)
{
	hf_try_errno(hf_set_ok(r->table, hf_new(table, GFP_KERNEL)));
	r->active = hf_mut(r->table);
	return 0;
}

void router_stop(struct router *r);
void router_stop(struct router *r)
{
#ifdef MISUSE
	/* SAFETY: the router does not use it any more. */
	hf_let(table, t, hf_adopt_unchecked(table, r->active)); /* E */
#else
	hf_let(table, t, hf_take(r->table));
#endif

	r->active = NULL;
}
