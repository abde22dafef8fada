// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the default one of several objects is dropped, and a pointer to it stays
// rule: borrow-outlives-owner
// compilers: none
// checker: fallback' may point to what .*routes' drops here
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct route {
	struct hf_link link;
	u32 via;
};

static void route_free(struct route *r)
{
	hf_link_fini(&r->link);
	hf_free(r);
}

HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

struct fib {
	struct routes routes;
	const struct route *fallback;
};

HF_LOCKED_DEFINE(locked_fib, mutex, struct fib);

int fib_add(const struct locked_fib *l, u32 via, bool fallback);
int fib_add(const struct locked_fib *l, u32 via, bool fallback)
{
	hf_let(route, r, hf_try(hf_new(route, GFP_KERNEL)));
	hf_lock(f, l);

	hf_mut(r)->via = via;
	if (fallback)
		f->fallback = hf_ref(r);
	routes_push_back(&f->routes, hf_move(r));
	return 0;
}

void fib_flush(const struct locked_fib *l);
void fib_flush(const struct locked_fib *l)
{
	hf_lock(f, l);

#ifdef MISUSE
	routes_clear(&f->routes); /* E */
#else
	f->fallback = NULL;
	routes_clear(&f->routes);
#endif
}

u32 fib_default(const struct locked_fib *l);
u32 fib_default(const struct locked_fib *l)
{
	hf_lock(f, l);

	return f->fallback ? f->fallback->via : 0;
}
