// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a deferred function of another type, which control-flow integrity would stop
// rule: function-type
// flags: -Werror=incompatible-pointer-types
// expect-gcc: incompatible pointer type
// expect-clang: incompatible (function )?pointer types
#include <holdfast/scope.h>

struct dev;
void dev_stop(struct dev *d);
void dev_stop_cb(void *d);

void f(struct dev *d);
void f(struct dev *d)
{
#ifdef MISUSE
	hf_defer(stop, dev_stop, d); /* E */
#else
	hf_defer(stop, dev_stop_cb, d);
#endif
}
