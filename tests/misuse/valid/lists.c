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
	for (;;) {
		hf_let(death, d, deaths_pop_front(l));

		if (hf_is_empty(d))
			break;
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
	const struct death *first;
	struct deaths aside;
	int cookie = 0;

	deaths_init(&aside);
	deaths_take_all(&aside, l);
	first = deaths_front(&aside);
	if (first)
		cookie = first->cookie;
	deaths_clear(&aside);
	deaths_fini(&aside);
	return cookie;
}
