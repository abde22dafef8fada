// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: CONFIG_DEBUG_LIST at run time
#include "kernel.h"

#ifdef MISUSE
void f(struct list_head *a, struct list_head *b);
void f(struct list_head *a, struct list_head *b)
{
	struct packet *p = packet_new();

	list_add(&p->link, a);
	list_add(&p->link, b);
}
#else
void f(struct list_head *a, struct list_head *b);
void f(struct list_head *a, struct list_head *b)
{
	struct packet *p = packet_new();

	list_add(&p->link, a);
	list_move(&p->link, b);
}
#endif
