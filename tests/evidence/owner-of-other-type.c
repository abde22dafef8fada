// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: both are pointers
#include "kernel.h"

#ifdef MISUSE
int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
	packet_free(p);
	return peek(p);
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
