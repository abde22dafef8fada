// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

#ifdef MISUSE
void f(struct list_head *list);
void f(struct list_head *list)
{
	struct packet *p = packet_new();

	list_add(&p->link, list);
	packet_free(p);
}
#else
void f(struct list_head *list);
void f(struct list_head *list)
{
	struct packet *p = packet_new();

	list_add(&p->link, list);
	list_del(&p->link);
	packet_free(p);
}
#endif
