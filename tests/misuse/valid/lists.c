// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Lists: loops that remove, nested loops, draining, moving aside.
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct death {
	struct hf_link link;
	struct hf_link done_link;
	int cookie;
};

void death_free(struct death *d);
HF_OWN_DEFINE(death, struct death, death_free);
HF_LIST_DEFINE(deaths, death_own, struct death, link);
HF_LIST_DEFINE(done_deaths, death_own, struct death, done_link);

struct node_inner {
	struct deaths deaths;
};

HF_LOCKED_DEFINE(locked_node, mutex, struct node_inner);

int fill(struct deaths *l, int n);
int fill(struct deaths *l, int n)
{
	for (int i = 0; i < n; i++) {
		hf_let(death, d, hf_try(hf_new(death, GFP_KERNEL)));

		hf_mut(d)->cookie = i;
		if (i & 1)
			deaths_push_back(l, hf_move(d));
		else
			deaths_push_front(l, hf_move(d));
	}
	return 0;
}

int drop_some(struct deaths *l, int cookie);
int drop_some(struct deaths *l, int cookie)
{
	int n = 0;
	hf_list_cursor(c, l);

	for (struct death *x; (x = deaths_next(&c));) {
		if (x->cookie != cookie)
			continue;
		hf_let(death, d, hf_try(deaths_remove(l, x)));
		n += hf_ref(d)->cookie;
	}
	return n;
}

int pairs(struct deaths *l);
int pairs(struct deaths *l)
{
	int n = 0;
	hf_list_cursor(i, l);

	for (struct death *x; (x = deaths_next(&i));) {
		hf_list_cursor(j, l);

		for (struct death *y; (y = deaths_next(&j));)
			n += x->cookie == y->cookie;
	}
	return n;
}

void drain(struct deaths *l);
void drain(struct deaths *l)
{
	while (!deaths_empty(l)) {
		hf_let(death, d, hf_expect(deaths_pop_front(l), "the list is not empty"));

		hf_mut(d)->cookie = 0;
	}
}

/* A list is moved aside under the lock and walked without it. */
void release(struct locked_node *n);
void release(struct locked_node *n)
{
	struct deaths aside;

	deaths_init(&aside);
	{
		hf_lock(g, n);
		deaths_take_all(&aside, &g->deaths);
	}
	drain(&aside);
	deaths_fini(&aside);
}

int cancel(struct locked_node *n, const struct death *d);
int cancel(struct locked_node *n, const struct death *d)
{
	hf_lock(g, n);
	hf_let(death, x, hf_try(deaths_remove(&g->deaths, d)));
	return hf_ref(x)->cookie;
}

int moved_aside(struct deaths *l);
int moved_aside(struct deaths *l)
{
	struct deaths aside;
	int cookie;

	deaths_init(&aside);
	deaths_take_all(&aside, l);
	cookie = hf_is_ok(deaths_front(&aside)) ? hf_expect(deaths_front(&aside), "it was tested")->cookie : 0;
	deaths_clear(&aside);
	deaths_fini(&aside);
	return cookie;
}

/* --- a list that is const: by a read guard, a borrow, an argument ------------------------------- */

struct route {
	struct hf_link link;
	u32 key, port;
};

void route_free(struct route *r);
HF_OWN_DEFINE(route, struct route, route_free);
HF_LIST_DEFINE(routes, route_own, struct route, link);

struct table {
	struct routes routes;
};

HF_LOCKED_DEFINE(locked_table, rwlock, struct table);

int port_of(struct locked_table *l, u32 key);
int port_of(struct locked_table *l, u32 key)
{
	hf_read_lock(t, l);
	hf_list_cursor(c, &t->routes);

	for (const struct route *r; (r = routes_next(&c));)
		if (r->key == key)
			return (int)r->port;
	return -ENOENT;
}

/* A helper of readers takes either kind of cursor; one that removes does not. */
static const struct route *skip(const struct routes_cursor *c, u32 key)
{
	const struct route *r;

	while ((r = routes_next(c)))
		if (r->key != key)
			break;
	return r;
}

static bool drop_next(struct routes *l, struct routes_cursor *c)
{
	struct route *r = routes_next(c);

	if (!r)
		return false;
	r->port = 0;
	hf_let(route, gone, hf_expect(routes_remove(l, r), "the loop is at it"));
	return hf_ref(gone)->key != 0;
}

u32 last_of(const struct routes *l);
u32 last_of(const struct routes *l)
{
	u32 sum = 0;
	hf_list_cursor(c, l);

	for (const struct route *r; (r = routes_prev(&c));)
		sum = sum * 31 + r->key;
	if (hf_is_ok(routes_front(l)))
		sum += skip(&c, 1) != NULL;
	return sum;
}

int prune(struct locked_table *l);
int prune(struct locked_table *l)
{
	int n = 0;
	hf_write_lock(t, l);
	hf_list_cursor(c, &t->routes);

	while (drop_next(&t->routes, &c))
		n++;
	for (struct route *r; (r = routes_prev(&c));) {
		if (r->port)
			continue;
		hf_let(route, gone, hf_try(routes_remove_at(&c)));
		n += (int)hf_ref(gone)->key;
	}
	hf_try(routes_front_mut(&t->routes))->port = 1;
	struct route *last = hf_try(routes_back_mut(&t->routes));
	last->port = 2;
	return n + (int)last->key;
}

/* In the order of the keys. */
int add(struct locked_table *l, u32 key);
int add(struct locked_table *l, u32 key)
{
	hf_let(route, r, hf_try(hf_new(route, GFP_KERNEL)));

	hf_mut(r)->key = key;
	hf_write_lock(t, l);
	hf_list_cursor(c, &t->routes);
	for (const struct route *at; (at = routes_next(&c));)
		if (at->key > key)
			return routes_insert_before(&t->routes, at, hf_move(r));
	routes_push_back(&t->routes, hf_move(r));
	return 0;
}
