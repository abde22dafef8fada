// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: exclusive access to an element of a list that a read guard gives
// rule: write-to-shared
// compilers: clang
// flags: -Werror
// expect: discards qualifiers
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

void f(struct locked_table *l);
void f(struct locked_table *l)
{
#ifdef MISUSE
	hf_read_lock(t, l);
#else
	hf_write_lock(t, l);
#endif
	hf_list_cursor(c, &t->routes);

	for (struct route *r; (r = routes_next(&c));) /* E */
		r->port = 1;
}
