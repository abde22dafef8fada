// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct packet *packet_find(int id);	/* or ERR_PTR() */

#ifdef MISUSE
int f(void);
int f(void)
{
	struct packet *p = packet_find(3);

	WARN_ON(IS_ERR(p));
	return peek(p);
}
#else
int f(void);
int f(void)
{
	struct packet *p = packet_find(3);

	return IS_ERR(p) ? PTR_ERR(p) : peek(p);
}
#endif
