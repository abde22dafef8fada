// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner of another type stored in a device than is looked for there
// rule: owner-of-other-type
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct edu_own'
#include <holdfast/foreign.h>

/* Somebody else's. */
struct device {
	void *driver_data;
};

struct edu {
	char name[24];
	int irqs;
};

void edu_free(struct edu *e);
HF_OWN_DEFINE(edu, struct edu, edu_free);
HF_FOREIGN_DEFINE(edu_of, edu_own, struct device, driver_data);

struct ring {
	int head;
};

void ring_free(struct ring *r);
HF_OWN_DEFINE(ring, struct ring, ring_free);

int probe(struct device *dev, struct edu_own given, struct ring_own ring);
int probe(struct device *dev, struct edu_own given, struct ring_own ring)
{
	hf_let(edu, e, given);
	hf_let(ring, r, ring);

#ifdef MISUSE
	hf_foreign_store(edu_of, dev, hf_move(r)); /* E */
#else
	hf_foreign_store(edu_of, dev, hf_move(e));
#endif
	return hf_foreign_ref(edu_of, dev)->irqs;
}
