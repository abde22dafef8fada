// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to a shared object that a map of arcs lends
// rule: write-to-shared
// expect-gcc: assignment of member 'port' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
#include <holdfast/arc.h>
#include <holdfast/idmap.h>

struct route {
	struct hf_refs refs;
	u32 key, port;
};

void route_destroy(struct route *r);
void route_release(struct route *r);
HF_ARC_DEFINE(route, struct route, refs, route_destroy, route_release);
HF_IDMAP_DEFINE(routes, route_arc);

int f(struct routes *m, u32 id);
int f(struct routes *m, u32 id)
{
#ifdef MISUSE
	hf_try(routes_find_mut(m, id))->port = 1; /* E */
#else
	hf_try(routes_find_mut(m, id));
#endif
	return 0;
}
