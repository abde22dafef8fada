// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an element used by the one who gave it to a map, which has freed it
// report: BUG: KASAN: slab-use-after-free in buffer_of
// refused: tests/misuse/map_use_after_insert.c
#include <linux/rbtree.h>
#include <linux/slab.h>

#include "wrong.h"

struct buffer {
	u64 addr;
	struct rb_node node;
	int pid;
};

static bool buffer_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct buffer, node)->addr < rb_entry(b, struct buffer, node)->addr;
}

/* The map keeps one buffer only: the lowest one makes room. */
static void buffers_insert(struct rb_root *map, struct buffer *b)
{
	struct buffer *lowest;

	rb_add(&b->node, map, buffer_less);
	lowest = rb_entry(rb_first(map), struct buffer, node);
	rb_erase(&lowest->node, map);
	kfree(lowest);
}

static noinline int buffer_of(struct rb_root *map, struct buffer *b)
{
	buffers_insert(map, b);
	/* The bug: the map owns the buffer, and may have freed it. */
	return b->pid;
}

static int wrong(void)
{
	struct rb_root map = RB_ROOT;
	struct buffer *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return -ENOMEM;
	return min(buffer_of(&map, b), 0);
}
