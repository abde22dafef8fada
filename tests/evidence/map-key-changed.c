// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: an rb_node has no key
#include "kernel.h"

#include <linux/rbtree.h>

struct timer { struct rb_node node; u64 at; };

#ifdef MISUSE
void f(struct rb_root *by_time, u64 at);
void f(struct rb_root *by_time, u64 at)
{
	rb_entry(by_time->rb_node, struct timer, node)->at = at;
}
#else
void f(struct rb_root *by_time, u64 at);
void f(struct rb_root *by_time, u64 at)
{
	struct timer *t = rb_entry(by_time->rb_node, struct timer, node);

	rb_erase(&t->node, by_time);
	t->at = at;
}
#endif
