// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with a list in it overwritten by a copy
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
	u32 n;
};

void f(struct table *to, struct table *from);
void f(struct table *to, struct table *from)
{
#ifdef MISUSE
	*to = *from; /* E */
#else
	routes_init(&to->routes);
	routes_take_all(&to->routes, &from->routes);
	to->n = from->n;
#endif
}
