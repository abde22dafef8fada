// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: exclusive access to the first element of a borrowed list
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

int f(const struct routes *c, struct routes *l);
int f(const struct routes *c, struct routes *l)
{
	(void)c;
	(void)l;
#ifdef MISUSE
	hf_try(routes_front_mut(c))->port = 1; /* E */
#else
	hf_try(routes_front_mut(l))->port = 1;
#endif
	return 0;
}
