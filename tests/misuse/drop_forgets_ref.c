// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the reference in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/ref.h>

/* Somebody else's. */
struct device;
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct device *find_device(const char *name);
int probe_device(struct device *dev);

HF_REF_DEFINE(dev, struct device, get_device, put_device);

struct ctx {
	struct dev_arc dev;
	int state;
};

static void ctx_free(struct ctx *c)
{
#ifdef MISUSE
	hf_free(c); /* E */
#else
	dev_arc_drop(&c->dev);
	hf_free(c);
#endif
}

HF_OWN_DEFINE(ctx, struct ctx, ctx_free);
