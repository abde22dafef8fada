// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list assigned to the list of another object
// rule: pinned-copied
// expect-gcc: assignment of read-only (location|member)
// expect-clang: const-qualified data member 'stays_'
// explained: const-written
#include <holdfast/list.h>

struct route {
	struct hf_link link;
	u32 key, port;
};

void route_free(struct route *r);
HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

struct table {
	struct routes routes;
};

void f(struct table *t, struct routes *l);
void f(struct table *t, struct routes *l)
{
#ifdef MISUSE
	t->routes = *l; /* E */
#else
	routes_take_all(&t->routes, l);
#endif
}
