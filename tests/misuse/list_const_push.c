// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element inserted under a read guard
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

void f(struct locked_table *l, struct route_own arg);
void f(struct locked_table *l, struct route_own arg)
{
	hf_let(route, r, arg);
#ifdef MISUSE
	hf_read_lock(t, l);
#else
	hf_write_lock(t, l);
#endif
	routes_push_back(&t->routes, hf_move(r)); /* E */
}
