// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
void f(struct mutex *outer, struct mutex *inner);
void f(struct mutex *outer, struct mutex *inner)
{
	guard(a, inner);
	guard(b, outer);
}
#else
void f(struct mutex *outer, struct mutex *inner);
void f(struct mutex *outer, struct mutex *inner)
{
	guard(a, outer);
	guard(b, inner);
}
#endif
