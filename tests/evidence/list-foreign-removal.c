// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: list_del() asks for no list
#include "kernel.h"

#ifdef MISUSE
void f(struct mutex *lock, struct list_head *a, struct packet *in_another);
void f(struct mutex *lock, struct list_head *a, struct packet *in_another)
{
	guard(mutex)(lock);
	if (!list_empty(a))
		list_del(&in_another->link);
}
#else
void f(struct mutex *lock, struct list_head *a);
void f(struct mutex *lock, struct list_head *a)
{
	guard(mutex)(lock);
	if (!list_empty(a))
		list_del(a->next);
}
#endif
