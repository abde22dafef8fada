// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: a list_head has no type
#include "kernel.h"

struct timer { struct list_head link; };

#ifdef MISUSE
void f(struct list_head *packets, struct timer *t);
void f(struct list_head *packets, struct timer *t)
{
	list_add(&t->link, packets);
}
#else
void f(struct list_head *packets, struct packet *p);
void f(struct list_head *packets, struct packet *p)
{
	list_add(&p->link, packets);
}
#endif
