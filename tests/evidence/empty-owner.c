// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct queue { struct packet *slot; };	/* or NULL */

#ifdef MISUSE
int f(const struct queue *q);
int f(const struct queue *q)
{
	return peek(q->slot);
}
#else
int f(const struct queue *q);
int f(const struct queue *q)
{
	return q->slot ? peek(q->slot) : 0;
}
#endif
