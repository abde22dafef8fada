// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list emptied by the assignment of an empty one
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

void f(struct routes *l);
void f(struct routes *l)
{
#ifdef MISUSE
	*l = (struct routes){ .list = { .cursors_ = NULL } }; /* E */
#else
	routes_clear(l);
#endif
}
