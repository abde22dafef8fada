// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over a list that is const to it, and removes by the pointer that is not
// rule: borrow-outlives-owner
// compilers: none
// checker: is taken out of 't->all', which is const to the loop
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

u32 table_expire(struct table *t);
u32 table_expire(struct table *t)
{
#ifdef MISUSE
	const struct routes *all = &t->all;
#else
	struct routes *all = &t->all;
#endif
	u32 n = 0;

	hf_list_cursor(c, all);
	for (const struct route *r; (r = routes_next(&c));) {
		if (r->stamp + 60 > t->now)
			continue;
		n += hf_drop_ok(route_own, routes_remove(&t->all, r)) == 0; /* E */
	}
	return n;
}
