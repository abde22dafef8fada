// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a helper removes the element at which a loop is that borrows the list as const
// rule: borrow-outlives-owner
// compilers: none
// checker: which is const to the loop that is at this element
#include <holdfast/list.h>

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
	u32 count, now;
};

static void table_forget(struct table *t, const struct route *r)
{
	t->count--;
	hf_drop_ok(route_own, routes_remove(&t->all, r)); /* E */
}

static void table_each(struct table *t, const struct table *view)
{
	(void)view;
#ifdef MISUSE
	hf_list_cursor(c, &view->all);
#else
	hf_list_cursor(c, &t->all);
#endif
	for (const struct route *r; (r = routes_next(&c));)
		if (!r->uses)
			table_forget(t, r);
}

void table_sweep(struct table *t);
void table_sweep(struct table *t)
{
	table_each(t, t);
}
