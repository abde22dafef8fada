// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What drivers do with what RCU publishes: readers beside locks, replacements, what comes back, the end. */
#include <holdfast/holdfast.h>

struct config {
	int limit;
	int level[4];
	struct hf_rcu_head rcu;
};

void config_free(struct config *c);
HF_RCU_DEFINE(config, struct config, rcu, config_free);

/* One that owns what was replaced before it. */
struct route {
	struct hf_rcu_head rcu;
	struct config_retired_own before;
};

static void route_free(struct route *r)
{
	config_retired_own_drop(&r->before);
	hf_free(r);
}
HF_RCU_DEFINE(route, struct route, rcu, route_free);

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(mutex_stats, mutex, struct stats);
HF_LOCKED_DEFINE(spin_stats, spinlock, struct stats);

struct gadget {
	struct config_rcu config;
	struct route_rcu route;
	struct mutex_stats stats;
	struct spin_stats spin;
};

int level_of(const struct config *c, unsigned int i);
void settle(void) HF_SLEEPS;

/* Readers under a lock that spins, around one, and of two places at once. */
int limits(const struct gadget *d);
int limits(const struct gadget *d)
{
	int sum = 0;

	{
		hf_lock(s, &d->spin);
		hf_rcu_read_else(c, &d->config, return -ENODEV);
		s->hits += c->limit;
	}
	hf_rcu_read_else(c, &d->config, return -ENODEV);
	hf_rcu_read_else(r, &d->route, return c->limit);
	hf_lock(s, &d->spin);
	for (unsigned int i = 0; i < 4; i++)
		sum += level_of(c, i);
	return sum + s->hits + (hf_is_empty(r->before) ? 1 : 0);
}

int sum_of(const struct gadget *d, unsigned int n);
int sum_of(const struct gadget *d, unsigned int n)
{
	int sum = 0;

	for (unsigned int i = 0; i < n; i++) {
		hf_rcu_read_else(c, &d[i].config, continue);
		sum += c->limit;
	}
	settle();
	return sum;
}

/* A new object made from the old one, under the writers' lock. */
int raise(const struct gadget *d, int by);
int raise(const struct gadget *d, int by)
{
	hf_let(config, next, hf_try(hf_new(config, GFP_KERNEL)));
	hf_lock(s, &d->stats);

	{
		hf_rcu_read_else(c, &d->config, return -ENODEV);
		hf_mut(next)->limit = c->limit + by;
	}
	s->hits++;
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_move(next)));
	return hf_ref(old)->limit;
}

/* What is retired is dropped early, kept in a field, or wanted back. */
int swap_route(const struct gadget *d, struct route *r);
int swap_route(const struct gadget *d, struct route *r)
{
	hf_let(config, a, hf_try(hf_new(config, GFP_KERNEL)));
	hf_let(config, b, hf_try(hf_new(config, GFP_KERNEL)));

	hf_let(config_retired, first, config_rcu_replace(&d->config, hf_move(a)));
	hf_drop(config_retired, first);
	hf_set(r->before, config_rcu_replace(&d->config, hf_move(b)));

	hf_let(config_retired, last, config_rcu_replace(&d->config, hf_empty(config_own)));
	if (hf_is_empty(last))
		return -ENODEV;
	hf_let(config, mine, config_rcu_wait(hf_move(last)));
	hf_mut(mine)->limit = 3;
	hf_let(config_retired, none, config_rcu_replace(&d->config, hf_move(mine)));
	return 0;
}

/* In a place that cannot sleep. */
void unpublish(const struct gadget *d);
void unpublish(const struct gadget *d)
{
	hf_lock(s, &d->spin);
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_empty(config_own)));

	s->hits = 0;
}

int gadget_init(struct gadget *d);
int gadget_init(struct gadget *d)
{
	hf_let(config, c, hf_try(hf_new(config, GFP_KERNEL)));

	config_rcu_init(&d->config, hf_move(c));
	route_rcu_init(&d->route, hf_empty(route_own));
	return 0;
}

void gadget_free(struct gadget *d);
void gadget_free(struct gadget *d)
{
	config_rcu_fini(&d->config);
	route_rcu_fini(&d->route);
	hf_free(d);
}

void unload(void);
void unload(void)
{
	hf_rcu_barrier();
}
