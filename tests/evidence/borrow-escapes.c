// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
struct packet *f(void);
struct packet *f(void)
{
	struct packet *p __free(packet) = packet_new();

	return p;
}
#else
struct packet *f(void);
struct packet *f(void)
{
	struct packet *p __free(packet) = packet_new();

	return no_free_ptr(p);
}
#endif
