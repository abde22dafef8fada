// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference that others count cloned as an arc
// rule: owner-of-other-type
// expect: hf_clone: .*d.* is a reference to an object of others: use hf_arc_from
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
};

void keep(struct ctx *c, const struct dev_arc *d);
void keep(struct ctx *c, const struct dev_arc *d)
{
#ifdef MISUSE
	hf_set(c->dev, hf_clone(*d)); /* E */
#else
	hf_set(c->dev, hf_arc_from(dev, hf_ref(*d)));
#endif
}
