// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device that was looked up used without a test whether it was found
// rule: result-misused
// expect-gcc: invalid initializer
// expect-clang: with an expression of incompatible type 'struct dev_arc_result'
// explained: owner-of-other-type
#include <holdfast/ref.h>

/* Somebody else's. */
struct device;
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
struct device *find_device(const char *name);
int probe_device(struct device *dev);

HF_REF_DEFINE(dev, struct device, get_device, put_device);

int begin(void);
int begin(void)
{
#ifdef MISUSE
	/* SAFETY: the call gives a reference. */
	hf_let_arc(dev, d, hf_adopt_ref_unchecked(dev, find_device("eth0"))); /* E */
#else
	/* SAFETY: the call gives a reference. */
	hf_let_arc(dev, d, hf_try(hf_adopt_ref_unchecked(dev, find_device("eth0"))));
#endif
	return probe_device(hf_ref_raw(d));
}
