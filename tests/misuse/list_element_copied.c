// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element overwritten by another one, and its link with it
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

void f(struct route *to, const struct route *from);
void f(struct route *to, const struct route *from)
{
#ifdef MISUSE
	*to = *from; /* E */
#else
	to->key = from->key;
	to->port = from->port;
#endif
}
