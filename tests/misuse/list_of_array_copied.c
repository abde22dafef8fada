// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of an array of lists overwritten by another one
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

struct buckets {
	struct routes at[4];
};

void f(struct buckets *b);
void f(struct buckets *b)
{
#ifdef MISUSE
	b->at[0] = b->at[1]; /* E */
#else
	routes_take_all(&b->at[0], &b->at[1]);
#endif
}
