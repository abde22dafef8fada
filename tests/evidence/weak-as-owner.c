// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: a pointer without a reference is a pointer
#include "kernel.h"

#ifdef MISUSE
int f(struct packet *weak);
int f(struct packet *weak)
{
	return peek(weak);
}
#else
int f(struct packet *weak);
int f(struct packet *weak)
{
	return refcount_inc_not_zero(&weak->refs) ? peek(weak) : 0;
}
#endif
