// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list of elements that its handles do not own
// rule: list-of-other-kind
// expect: HF_LIST_DEFINE: .*death_own.* is no owner of .*struct route
#include <holdfast/list.h>

struct route {
	struct hf_link link;
};

struct death {
	struct hf_link link;
};

void route_free(struct route *r);
void death_free(struct death *d);
HF_OWN_DEFINE(route, struct route, route_free);
HF_OWN_DEFINE(death, struct death, death_free);

#ifdef MISUSE
HF_LIST_DEFINE(routes, death_own, struct route, link); /* E */
#else
HF_LIST_DEFINE(routes, route_own, struct route, link);
#endif
