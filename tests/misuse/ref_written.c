// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow through a reference that others count
// rule: write-to-shared
// expect: hf_mut: .*d.* is a shared owner, which gives no exclusive borrow
#include <holdfast/ref.h>

/* Somebody else's. */
struct device;
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct device *find_device(const char *name);
int probe_device(struct device *dev);

HF_REF_DEFINE(dev, struct device, get_device, put_device);

int begin(struct dev_arc *d);
int begin(struct dev_arc *d)
{
#ifdef MISUSE
	return probe_device(hf_mut(*d)); /* E */
#else
	return probe_device(hf_ref_raw(*d));
#endif
}
