// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: where const is said
#include "kernel.h"

#ifdef MISUSE
int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
	const struct packet *r = p;

	r->len = 3;
	return 0;
}
#else
int f(void);
int f(void)
{
	struct packet *p __free(packet) = packet_new();

	if (!p)
		return -1;
	p->len = 3;
	return 0;
}
#endif
