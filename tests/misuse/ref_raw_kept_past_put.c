// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to a device used after its reference was put
// rule: borrow-outlives-owner
// compilers: none
// analyzer: use after 'hf_move'
// coccinelle: 'raw' borrows from 'd', which was moved in line
// checker: uses a pointer to what belongs to
#include <holdfast/ref.h>

/* Somebody else's. */
struct device {
	int id;
};

struct device *get_device(struct device *dev);
void put_device(struct device *dev);

HF_REF_DEFINE(dev, struct device, get_device, put_device);

int begin(const struct device *given);
int begin(const struct device *given)
{
	hf_let_arc(dev, d, hf_arc_from(dev, given));
	struct device *raw = hf_ref_raw(d);
	int id = raw->id;

	hf_drop_arc(dev, d);
#ifdef MISUSE
	id = raw->id; /* E */
#endif
	return id;
}
