// SPDX-License-Identifier: GPL-2.0-only OR MIT
// References that others count: looked up, kept in objects, given to threads and files, passed on, given up.
#include <holdfast/holdfast.h>

struct device;
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct device *find_device(const char *name);
int probe_device(struct device *dev);
bool device_is_on(const struct device *dev);
void take_device(struct device *dev);

HF_REF_DEFINE(dev, struct device, get_device, put_device);

/* A get and a put that are macros. */
struct node {
	int count;
};

#define node_get(n)	((n)->count++)
#define node_put(n)	((void)(n)->count--)
HF_REF_DEFINE(node, struct node, node_get, node_put);

struct ctx {
	struct dev_arc dev;
	struct node_arc node;
};

static void ctx_free(struct ctx *c)
{
	node_arc_drop(&c->node);
	dev_arc_drop(&c->dev);
	hf_free(c);
}

HF_OWN_DEFINE(ctx, struct ctx, ctx_free);

HF_THREAD_DEFINE(watcher, dev_arc, watch);

static int watch(const struct device *d HF_NOESCAPE)
{
	while (!hf_thread_should_stop())
		if (!device_is_on(d))
			return -ENODEV;
	return 0;
}

static struct dev_arc_result look_up(const char *name)
{
	/* SAFETY: the call gives a reference. */
	return hf_adopt_ref_unchecked(dev, find_device(name));
}

static struct ctx_own_result new_ctx(const struct node *n)
{
	hf_let(ctx, c, hf_try_in(ctx_own, hf_new(ctx, GFP_KERNEL)));

	hf_set(hf_mut(c)->dev, hf_try_in(ctx_own, look_up("eth0")));
	hf_set(hf_mut(c)->node, hf_arc_from(node, n));
	return hf_ok(ctx_own, hf_move(c));
}

static int watch_all(const struct dev_arc *d)
{
	hf_let(watcher, w, hf_try(hf_thread_spawn(watcher, "watch", hf_arc_from(dev, hf_ref(*d)), GFP_KERNEL)));

	return hf_thread_join(watcher, hf_move(w));
}

int use(const struct node *n);
int use(const struct node *n)
{
	hf_let(ctx, c, hf_try(new_ctx(n)));
	hf_let_arc(dev, d, hf_try(look_up("eth1")));
	hf_let_arc(dev, other, hf_arc_from(dev, hf_ref(d)));

	hf_try_errno(probe_device(hf_ref_raw(d)));
	hf_try_errno(probe_device(hf_ref_raw(hf_ref(c)->dev)));
	hf_try_errno(watch_all(&d));
	/* SAFETY: it puts the reference. */
	take_device(hf_leak_ref(other));
	hf_set(other, hf_move(d));
	return hf_ref(hf_ref(c)->node)->count;
}
