// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the element of a loop under a read guard removed
// rule: write-to-shared
// flags: -Werror
// expect: discards
// explained: const-written
#include <holdfast/list.h>

struct route {
	struct hf_link link;
	u32 key, port;
};

void route_free(struct route *r);
HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

#include <holdfast/lock.h>

struct table {
	struct routes routes;
};

HF_LOCKED_DEFINE(locked_table, rwlock, struct table);

int f(struct locked_table *l, u32 key);
int f(struct locked_table *l, u32 key)
{
#ifdef MISUSE
	hf_read_lock(t, l);
#else
	hf_write_lock(t, l);
#endif
	hf_list_cursor(c, &t->routes);

	for (const struct route *r; (r = routes_next(&c));) {
		if (r->key != key)
			continue;
		hf_let(route, gone, hf_try(routes_remove_at(&c))); /* E */
		return 0;
	}
	return -ENOENT;
}
