// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
void f(struct mutex *outer, struct mutex *inner);
void f(struct mutex *outer, struct mutex *inner)
{
	guard(mutex)(inner);
	guard(mutex)(outer);
}
#else
void f(struct mutex *outer, struct mutex *inner);
void f(struct mutex *outer, struct mutex *inner)
{
	guard(mutex)(outer);
	guard(mutex)(inner);
}
#endif
