// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
	const struct packet *r = p;

	transmit(no_free_ptr(p));
	return peek(r);
}
#else
int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
	return peek(p);
}
#endif
