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
	for (int i = 0; i < 3; i++)
		transmit(no_free_ptr(p));
	return 0;
}
#else
int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
	transmit(no_free_ptr(p));
	return 0;
}
#endif
