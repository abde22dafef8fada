// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to the first element, which was borrowed shared
// rule: write-to-shared
// expect-gcc: assignment of member 'port' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/list.h>

struct route {
	struct hf_link link;
	u32 key, port;
};

void route_free(struct route *r);
HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

int f(struct routes *l);
int f(struct routes *l)
{
#ifdef MISUSE
	hf_try(routes_front(l))->port = 1; /* E */
#else
	hf_try(routes_front_mut(l))->port = 1;
#endif
	return 0;
}
