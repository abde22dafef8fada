// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a map of weak references
// rule: list-of-other-kind
// expect: HF_IDMAP_DEFINE: .*route_weak.* is a weak reference
#include <holdfast/arc.h>
#include <holdfast/idmap.h>

struct route {
	struct hf_refs refs;
	u32 key, port;
};

void route_destroy(struct route *r);
void route_release(struct route *r);
HF_ARC_DEFINE(route, struct route, refs, route_destroy, route_release);

#ifdef MISUSE
HF_IDMAP_DEFINE(routes, route_weak); /* E */
#else
HF_IDMAP_DEFINE(routes, route_arc);
#endif
