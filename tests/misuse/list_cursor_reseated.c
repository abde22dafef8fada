// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the cursor of a loop overwritten by another one's
// rule: const-written
// expect-gcc: assignment of read-only (variable|location)
// expect-clang: const-qualified data member 'c_'
#include <holdfast/list.h>

struct route {
	struct hf_link link;
};

void route_free(struct route *r);
HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

const struct route *f(struct routes *l);
const struct route *f(struct routes *l)
{
	hf_list_cursor(outer, l);
	{
		hf_list_cursor(inner, l);

		(void)routes_next(&inner);
#ifdef MISUSE
		outer = inner; /* E */
#endif
	}
	return routes_next(&outer);
}
