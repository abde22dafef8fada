// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure still points to the element that a function removed from its list and dropped
// rule: borrow-outlives-owner
// compilers: none
// checker: 'best' may point to the element that is dropped here, and 'table_best' uses it
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct route {
	struct hf_link link;
	u32 dest, uses, stamp;
};

static void route_free(struct route *r)
{
	hf_link_fini(&r->link);
	hf_free(r);
}

HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

struct table {
	struct routes all;
	struct route *best;	/* in all, or NULL */
};

HF_LOCKED_DEFINE(locked_table, mutex, struct table);

int table_prefer(const struct locked_table *l);
int table_prefer(const struct locked_table *l)
{
	hf_lock(t, l);
	struct route *const last = hf_try(routes_back_mut(&t->all));

	t->best = last;
	return 0;
}

u32 table_best(const struct locked_table *l);
u32 table_best(const struct locked_table *l)
{
	hf_lock(t, l);

	return t->best ? t->best->dest : 0;
}

int table_delete(const struct locked_table *l, u32 dest);
int table_delete(const struct locked_table *l, u32 dest)
{
	hf_lock(t, l);

	hf_list_cursor(c, &t->all);
	for (struct route *r; (r = routes_next(&c));) {
		if (r->dest != dest)
			continue;
#ifdef MISUSE
		return hf_drop_ok(route_own, routes_remove(&t->all, r)); /* E */
#else
		if (t->best == r)
			t->best = NULL;
		return hf_drop_ok(route_own, routes_remove(&t->all, r));
#endif
	}
	return -ENOENT;
}
