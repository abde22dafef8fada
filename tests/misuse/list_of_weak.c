// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a list of weak references
// rule: list-of-other-kind
// expect: HF_LIST_DEFINE: .*route_weak.* is no owner of .*struct route
#include <holdfast/arc.h>
#include <holdfast/list.h>

struct route {
	struct hf_refs refs;
	struct hf_link link;
};

void route_destroy(struct route *r);
void route_release(struct route *r);
HF_ARC_DEFINE(route, struct route, refs, route_destroy, route_release);

#ifdef MISUSE
HF_LIST_DEFINE(routes, route_weak, struct route, link); /* E */
#else
HF_LIST_DEFINE(routes, route_arc, struct route, link);
#endif
