// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: an ERR_PTR is a pointer
#include "kernel.h"
struct packet *packet_find(int id);	/* or ERR_PTR() */

#ifdef MISUSE
int f(void);
int f(void)
{
	struct packet *p = packet_find(3);

	return p->len;
}
#else
int f(void);
int f(void)
{
	struct packet *p = packet_find(3);

	return IS_ERR(p) ? -1 : p->len;
}
#endif
