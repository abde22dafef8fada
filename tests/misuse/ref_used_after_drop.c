// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a device used after its reference was put
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'd.own'
// analyzer: use after 'hf_move'
// coccinelle: 'd' was moved in line
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
#ifdef MISUSE
	hf_drop_arc(dev, d);
	return probe_device(hf_ref_raw(d)); /* E */
#else
	int err = probe_device(hf_ref_raw(d));

	hf_drop_arc(dev, d);
	return err;
#endif
}
