// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to a device kept without a reference
// rule: owner-of-other-type
// expect: and the new owner are of different types
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

void keep(struct ctx *c, struct device *d);
void keep(struct ctx *c, struct device *d)
{
#ifdef MISUSE
	hf_set(c->dev, d); /* E */
#else
	hf_set(c->dev, hf_arc_from(dev, d));
#endif
}
