// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Lists.  The raw side is the kernel's list_head without the checks of LIST_HARDENED. */
#include "../bench.h"

#define OPS 256u

struct raw_link {
	struct raw_link *next, *prev;
};

struct raw_item {
	u32 value;
	struct raw_link link;
};

struct item {
	u32 value;
	struct hf_link link;
};

/* The elements lie in the arena. */
static void item_free(struct item *x)
{
	hf_link_fini(&x->link);
}

HF_OWN_DEFINE(item, struct item, item_free);
HF_LIST_DEFINE(items, item_own, struct item, link);

HF_INLINE void raw_list_init(struct raw_link *head)
{
	head->next = head->prev = head;
}

HF_INLINE void raw_list_add_tail(struct raw_link *x, struct raw_link *head)
{
	x->prev = head->prev;
	x->next = head;
	head->prev->next = x;
	head->prev = x;
}

HF_INLINE void raw_list_del(struct raw_link *x)
{
	struct raw_link *const prev = x->prev, *const next = x->next;

	next->prev = prev;
	prev->next = next;
	x->next = x->prev = NULL;
}

HF_INLINE struct raw_item *raw_item_of(struct raw_link *x)
{
	return (struct raw_item *)(void *)((char *)x - offsetof(struct raw_item, link));
}

/* --- push at the back, pop at the front --------------------------------------------------------- */

s64 raw_list_push_pop(const struct bench_in *in)
{
	struct raw_item *const x = in->arena;
	const u32 *const words = in->words;
	const u32 n = in->n < OPS ? (u32)in->n : OPS;
	struct raw_link head;
	u32 mixed = 0;

	raw_list_init(&head);
	for (u32 i = 0; i < n; i++) {
		x[i].value = words[i];
		raw_list_add_tail(&x[i].link, &head);
	}
	while (head.next != &head) {
		struct raw_item *first = raw_item_of(head.next);

		raw_list_del(&first->link);
		mixed = mixed * 31 + first->value;
	}
	return mixed;
}

s64 hf_list_push_pop(const struct bench_in *in)
{
	struct item *const x = in->arena;
	const u32 *const words = in->words;
	const u32 n = in->n < OPS ? (u32)in->n : OPS;
	struct items l;
	u32 mixed = 0;

	items_init(&l);
	for (u32 i = 0; i < n; i++) {
		x[i].value = words[i];
		/* SAFETY: nobody else owns the arena's elements. */
		items_push_back(&l, hf_adopt_unchecked(item, &x[i]));
	}
	while (!items_empty(&l)) {
		hf_let(item, first, hf_expect(items_pop_front(&l), "the list is not empty"));

		mixed = mixed * 31 + hf_ref(first)->value;
	}
	return mixed;
}

/*
 * --- push at the back, remove in another order ----------------------------------------------------
 *
 * Neighbours are not removed one right after the other.  The second removal would load what the first one
 * just stored, and the benchmark would measure the processor's store forwarding.
 */

#define STRIDE 263u		/* a prime above OPS, so the steps reach every element */

HF_INLINE u32 list_remove_next(u32 at, u32 step, u32 n)
{
	at += step;
	return at < n ? at : at - n;
}

s64 raw_list_remove(const struct bench_in *in)
{
	struct raw_item *const x = in->arena;
	const u32 *const words = in->words;
	const u32 n = in->n < OPS ? (u32)in->n : OPS, step = n ? STRIDE % n : 0;
	struct raw_link head;
	u32 mixed = 0;

	raw_list_init(&head);
	for (u32 i = 0; i < n; i++) {
		x[i].value = words[i];
		raw_list_add_tail(&x[i].link, &head);
	}
	for (u32 i = 0, at = 0; i < n; i++, at = list_remove_next(at, step, n)) {
		struct raw_item *e = &x[at];

		raw_list_del(&e->link);
		mixed = mixed * 31 + e->value;
	}
	return mixed;
}

s64 hf_list_remove(const struct bench_in *in)
{
	struct item *const x = in->arena;
	const u32 *const words = in->words;
	const u32 n = in->n < OPS ? (u32)in->n : OPS, step = n ? STRIDE % n : 0;
	struct items l;
	u32 mixed = 0;

	items_init(&l);
	for (u32 i = 0; i < n; i++) {
		x[i].value = words[i];
		/* SAFETY: nobody else owns the arena's elements. */
		items_push_back(&l, hf_adopt_unchecked(item, &x[i]));
	}
	for (u32 i = 0, at = 0; i < n; i++, at = list_remove_next(at, step, n)) {
		hf_let(item, e, hf_try(items_remove(&l, &x[at])));

		mixed = mixed * 31 + hf_ref(e)->value;
	}
	return mixed;
}

/* --- iteration: push all elements, iterate eight times, remove all ------------------------------- */

#define WALKS 8

BENCH_CALL static u32 raw_list_iterate_walk(const struct raw_link *head)
{
	u32 mixed = 0;

	for (struct raw_link *l = head->next; l != head; l = l->next)
		mixed = mixed * 31 + raw_item_of(l)->value;
	return mixed;
}

s64 raw_list_iterate(const struct bench_in *in)
{
	struct raw_item *const x = in->arena;
	struct raw_link head;
	u32 mixed = 0;

	raw_list_init(&head);
	for (size_t i = 0; i < OPS / WALKS && i < in->n; i++) {
		x[i].value = in->words[i];
		raw_list_add_tail(&x[i].link, &head);
	}
	for (unsigned int i = 0; i < WALKS; i++) {
		bench_again();
		mixed ^= raw_list_iterate_walk(&head) + i;
	}
	while (head.next != &head)
		raw_list_del(head.next);
	return mixed;
}

BENCH_CALL static u32 hf_list_iterate_walk(struct items *l)
{
	u32 mixed = 0;

	hf_list_cursor(c, l);
	for (struct item *x; (x = items_next(&c));)
		mixed = mixed * 31 + x->value;
	return mixed;
}

s64 hf_list_iterate(const struct bench_in *in)
{
	struct item *const x = in->arena;
	struct items l;
	u32 mixed = 0;

	items_init(&l);
	for (size_t i = 0; i < OPS / WALKS && i < in->n; i++) {
		x[i].value = in->words[i];
		/* SAFETY: nobody else owns the arena's elements. */
		items_push_back(&l, hf_adopt_unchecked(item, &x[i]));
	}
	for (unsigned int i = 0; i < WALKS; i++) {
		bench_again();
		mixed ^= hf_list_iterate_walk(&l) + i;
	}
	items_clear(&l);
	return mixed;
}
