// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure that contains a pinned object is assigned
// rule: pinned-copied
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'stays_'
// explained: const-written
#include <holdfast/pin.h>

struct timer {
	struct hf_pin pin;
	int period;
};

struct dev {
	struct timer watchdog;
	int id;
};

void reset(struct dev *d, const struct dev *fresh);
void reset(struct dev *d, const struct dev *fresh)
{
#ifdef MISUSE
	*d = *fresh; /* E */
#else
	d->watchdog.period = fresh->watchdog.period;
	d->id = fresh->id;
#endif
}
