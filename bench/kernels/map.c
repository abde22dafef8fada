// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Maps.  The raw side uses the same tree by hand, as the kernel does its rbtree. */
#include "../bench.h"

#define OPS 256u

struct raw_item {
	u32 key;
	struct hf_sys_tree_node node;
};

struct item {
	const u32 key;
	struct hf_map_link link;
};

/* The elements lie in the arena. */
static void item_free(struct item *x)
{
	hf_link_fini(&x->link);
}

HF_OWN_DEFINE(item, struct item, item_free);
HF_MAP_DEFINE(items, item_own, struct item, link, key, hf_compare);

HF_INLINE struct raw_item *raw_item_of(struct hf_sys_tree_node *x)
{
	return (struct raw_item *)(void *)((char *)x - offsetof(struct raw_item, node));
}

static struct raw_item *raw_map_search(struct hf_sys_tree *t, u32 key)
{
	struct hf_sys_tree_node *n = *hf_sys_tree_root(t);

	while (n) {
		struct raw_item *const x = raw_item_of(n);

		if (key < x->key)
			n = *hf_sys_tree_left(n);
		else if (key > x->key)
			n = *hf_sys_tree_right(n);
		else
			return x;
	}
	return NULL;
}

static int raw_map_insert(struct hf_sys_tree *t, struct raw_item *x)
{
	struct hf_sys_tree_node **place = hf_sys_tree_root(t), *parent = NULL;

	while (*place) {
		const struct raw_item *const at = raw_item_of(*place);

		parent = *place;
		if (x->key < at->key)
			place = hf_sys_tree_left(parent);
		else if (x->key > at->key)
			place = hf_sys_tree_right(parent);
		else
			return -EEXIST;
	}
	hf_sys_tree_insert(t, parent, place, &x->node);
	return 0;
}

/* The keys are all different. */
HF_INLINE u32 map_key(const struct bench_in *in, u32 i)
{
	return in->words[i] << 8 | i;
}

/* --- insert all, find all eight times, remove all ------------------------------------------------ */

#define FINDS 8

BENCH_CALL static s64 raw_map_find_all(struct hf_sys_tree *t, const struct bench_in *in, u32 n)
{
	u32 mixed = 0;

	for (u32 i = 0; i < n; i++) {
		const struct raw_item *const x = raw_map_search(t, map_key(in, i));

		if (!x)
			return -ENOENT;
		mixed = mixed * 31 + x->key;
	}
	return mixed;
}

s64 raw_map_find(const struct bench_in *in)
{
	struct raw_item *const x = in->arena;
	const u32 n = in->n < OPS / FINDS ? (u32)in->n : OPS / FINDS;
	struct hf_sys_tree t;
	s64 mixed = 0;

	hf_sys_tree_init(&t);
	for (u32 i = 0; i < n; i++) {
		x[i].key = map_key(in, i);
		if (raw_map_insert(&t, &x[i]))
			return -EEXIST;
	}
	for (u32 i = 0; i < FINDS; i++) {
		bench_again();
		mixed ^= raw_map_find_all(&t, in, n) + i;
	}
	for (u32 i = 0; i < n; i++)
		hf_sys_tree_remove(&t, &x[i].node);
	return mixed;
}

BENCH_CALL static s64 hf_map_find_all(const struct items *m, const struct bench_in *in, u32 n)
{
	u32 mixed = 0;

	for (u32 i = 0; i < n; i++)
		mixed = mixed * 31 + hf_try(items_find(m, map_key(in, i)))->key;
	return mixed;
}

s64 hf_map_find(const struct bench_in *in)
{
	struct item *const x = in->arena;
	const u32 n = in->n < OPS / FINDS ? (u32)in->n : OPS / FINDS;
	struct items m;
	s64 mixed = 0;

	items_init(&m);
	for (u32 i = 0; i < n; i++) {
		items_set_key(&x[i], map_key(in, i));
		/* SAFETY: nobody else owns the arena's elements. */
		hf_try_errno(items_insert(&m, hf_adopt_unchecked(item, &x[i])));
	}
	for (u32 i = 0; i < FINDS; i++) {
		bench_again();
		mixed ^= hf_map_find_all(&m, in, n) + i;
	}
	for (u32 i = 0; i < n; i++) {
		hf_let(item, e, hf_try(items_remove(&m, &x[i])));
	}
	return mixed;
}

/* --- insert all, remove all in the order of insertion -------------------------------------------- */

s64 raw_map_insert_remove(const struct bench_in *in)
{
	struct raw_item *const x = in->arena;
	const u32 n = in->n < OPS ? (u32)in->n : OPS;
	struct hf_sys_tree t;
	u32 mixed = 0;

	hf_sys_tree_init(&t);
	for (u32 i = 0; i < n; i++) {
		x[i].key = map_key(in, i);
		if (raw_map_insert(&t, &x[i]))
			return -EEXIST;
	}
	for (u32 i = 0; i < n; i++) {
		hf_sys_tree_remove(&t, &x[i].node);
		mixed = mixed * 31 + x[i].key;
	}
	return mixed;
}

s64 hf_map_insert_remove(const struct bench_in *in)
{
	struct item *const x = in->arena;
	const u32 n = in->n < OPS ? (u32)in->n : OPS;
	struct items m;
	u32 mixed = 0;

	items_init(&m);
	for (u32 i = 0; i < n; i++) {
		items_set_key(&x[i], map_key(in, i));
		/* SAFETY: nobody else owns the arena's elements. */
		hf_try_errno(items_insert(&m, hf_adopt_unchecked(item, &x[i])));
	}
	for (u32 i = 0; i < n; i++) {
		hf_let(item, e, hf_try(items_remove(&m, &x[i])));

		mixed = mixed * 31 + hf_ref(e)->key;
	}
	return mixed;
}
