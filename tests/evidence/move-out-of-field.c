// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
struct q { struct packet *slot; };
void f(struct q *q);
void f(struct q *q)
{
	transmit(q->slot);
}
#else
struct q { struct packet *slot; };
void f(struct q *q);
void f(struct q *q)
{
	transmit(no_free_ptr(q->slot));
}
#endif
