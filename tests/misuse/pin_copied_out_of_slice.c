// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pinned object copied out of a slice
// rule: pinned-copied
// compilers: none
// query: 'hf_at\(v, 0\)' is copied, but others point to it
#include <holdfast/holdfast.h>

struct pinned {
	struct hf_pin pin;
	int id;
};

HF_SLICE_DEFINE(pins, struct pinned);

int f(struct pins_slice v);
int f(struct pins_slice v)
{
#ifdef MISUSE
	const struct pinned x = hf_at(v, 0); /* E */

	return x.id;
#else
	return hf_at(v, 0).id;
#endif
}
