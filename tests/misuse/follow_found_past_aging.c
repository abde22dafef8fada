// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element that a helper has found, after another one dropped the one that was used least
// rule: borrow-outlives-owner
// compilers: none
// checker: which dropped an element in line 53, and it may be this one
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

static struct route *table_lookup(struct table *t, u32 dest)
{
	hf_list_cursor(c, &t->all);
	for (struct route *r; (r = routes_next(&c));)
		if (r->dest == dest)
			return r;
	return NULL;
}

static const struct route *table_coldest(const struct table *t)
{
	const struct route *found = NULL;

	hf_list_cursor(c, &t->all);
	for (const struct route *r; (r = routes_next(&c));)
		if (!found || r->uses < found->uses)
			found = r;
	return found;
}

static void table_age(struct table *t)
{
	const struct route *cold = table_coldest(t);

	if (!cold)
		return;
	hf_drop_ok(route_own, routes_remove(&t->all, cold));
	t->count--;
}

int table_use(struct table *t, u32 dest);
int table_use(struct table *t, u32 dest)
{
#ifdef MISUSE
	struct route *const r = table_lookup(t, dest);

	if (!r)
		return -ENOENT;
	table_age(t);
	r->stamp = ++t->now; /* E */
#else
	table_age(t);
	struct route *const r = table_lookup(t, dest);

	if (!r)
		return -ENOENT;
	r->stamp = ++t->now;
#endif
	return 0;
}
