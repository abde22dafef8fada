// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference given to a function that puts it, and dropped
// rule: use-after-move
// compilers: clang>=22
// expect: releasing ownership of 'd.own' that was not held
// analyzer: double-'hf_move'|use after 'hf_move'
#include <holdfast/ref.h>

/* Somebody else's. */
struct device;
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct device *find_device(const char *name);
int probe_device(struct device *dev);

HF_REF_DEFINE(dev, struct device, get_device, put_device);

int begin(const struct device *given);
int begin(const struct device *given)
{
	hf_let_arc(dev, d, hf_arc_from(dev, given));

	/* SAFETY: it puts the reference. */
	put_device(hf_leak_ref(d));
#ifdef MISUSE
	hf_drop_arc(dev, d); /* E */
#endif
	return 0;
}
