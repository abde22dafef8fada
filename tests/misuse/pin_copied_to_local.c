// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pinned object copied to the stack
// rule: pinned-copied
// compilers: none
// query: '\*from' is copied, but others point to it
#include <holdfast/pin.h>

struct dev {
	struct hf_pin pin;
	int id;
};

int f(const struct dev *from);
int f(const struct dev *from)
{
#ifdef MISUSE
	struct dev x = *from; /* E */

	return x.id;
#else
	return from->id;
#endif
}
