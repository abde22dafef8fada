// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
struct dev { struct dev *self; int id; };
void f(struct dev *to, const struct dev *from);
void f(struct dev *to, const struct dev *from)
{
	*to = *from;
}
#else
struct dev { struct dev *self; int id; };
void f(struct dev *to, const struct dev *from);
void f(struct dev *to, const struct dev *from)
{
	to->id = from->id;
}
#endif
