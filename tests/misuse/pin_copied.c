// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pinned object overwritten by a copy
// rule: pinned-copied
// compilers: any
// expect: nested const-qualified data member|assignment of read-only location
// explained: const-written
#include <holdfast/pin.h>

struct dev {
	struct hf_pin pin;
	int id;
};

void f(struct dev *to, const struct dev *from);
void f(struct dev *to, const struct dev *from)
{
#ifdef MISUSE
	*to = *from; /* E */
#else
	to->id = from->id;
#endif
}
