// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: as a warning
#include "kernel.h"

#ifdef MISUSE
void f(void);
void f(void)
{
	void (*fn)(void *) = packet_free;

	fn(NULL);
}
#else
void f(void);
void f(void)
{
	void (*fn)(struct packet *) = packet_free;

	fn(NULL);
}
#endif
