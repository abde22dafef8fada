// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by Clang, in one function
#include "kernel.h"

#ifdef MISUSE
void f(struct mutex *l);
void f(struct mutex *l)
{
	guard(mutex)(l);
	guard(mutex)(l);
}
#else
void f(struct mutex *l);
void f(struct mutex *l)
{
	guard(mutex)(l);
}
#endif
