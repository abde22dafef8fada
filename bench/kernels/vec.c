// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Growable arrays. */
#include "../bench.h"

struct raw_array {
	size_t len;
	u32 *items;
	size_t capacity;
};

/* The slow path, with the overflow check of krealloc_array(). */
static HF_COLD int raw_array_grow(struct raw_array *a, size_t more)
{
	size_t need, bytes;
	u32 *items;

	if (__builtin_add_overflow(a->len, more, &need))
		return -EOVERFLOW;
	if (need < a->capacity + a->capacity / 2)
		need = a->capacity + a->capacity / 2;
	if (need < 4)
		need = 4;
	if (__builtin_mul_overflow(need, sizeof(*items), &bytes))
		return -EOVERFLOW;
	items = hf_sys_realloc(a->items, bytes, GFP_ATOMIC);
	if (!items)
		return -ENOMEM;
	a->items = items;
	a->capacity = need;
	return 0;
}

/* --- push into reserved room -------------------------------------------------------------------- */

s64 raw_vec_push_reserved(const struct bench_in *in)
{
	struct raw_array *const a = in->arena;
	u32 last;

	if (a->capacity < in->n) {
		int err = raw_array_grow(a, in->n);

		if (err)
			return err;
	}
	for (size_t i = 0; i < in->n; i++) {
		if (a->len >= a->capacity)
			return -ENOSPC;
		a->items[a->len++] = in->words[i];
	}
	last = a->len ? a->items[a->len - 1] : 0;
	a->len = 0;
	return last;
}

s64 hf_vec_push_reserved(const struct bench_in *in)
{
	struct u32_vec *const v = in->arena;
	u32 last;

	hf_try_errno(hf_vec_reserve(v, in->n, GFP_ATOMIC));
	for (size_t i = 0; i < in->n; i++)
		hf_try_errno(hf_vec_push_within(v, in->words[i]));
	last = hf_len(*v) ? hf_at(*v, hf_len(*v) - 1) : 0;
	hf_vec_truncate(v, 0);
	return last;
}

/* --- push that grows the array ------------------------------------------------------------------ */

s64 raw_vec_push_growing(const struct bench_in *in)
{
	struct raw_array a = { .len = 0 };
	u32 last;

	for (size_t i = 0; i < in->n; i++) {
		if (a.len >= a.capacity) {
			int err = raw_array_grow(&a, 1);

			if (err) {
				hf_sys_free(a.items);
				return err;
			}
		}
		a.items[a.len++] = in->words[i];
	}
	last = a.len ? a.items[a.len - 1] : 0;
	hf_sys_free(a.items);
	return last;
}

s64 hf_vec_push_growing(const struct bench_in *in)
{
	hf_let_vec(u32, v);

	for (size_t i = 0; i < in->n; i++)
		hf_try_errno(hf_vec_push(&v, in->words[i], GFP_ATOMIC));
	return hf_len(v) ? hf_at(v, hf_len(v) - 1) : 0;
}
