// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: where __must_not_hold is said, by Clang
#include "kernel.h"

#ifdef MISUSE
void helper(struct mutex *l) __must_not_hold(l);
void f(struct mutex *l);
void f(struct mutex *l)
{
	guard(mutex)(l);
	helper(l);
}
#else
void helper(struct mutex *l) __must_not_hold(l);
void f(struct mutex *l);
void f(struct mutex *l)
{
	helper(l);
}
#endif
