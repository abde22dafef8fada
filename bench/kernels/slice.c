// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Slices: elements, parts, and loops with one check. */
#include "../bench.h"

/* The inputs as slices.  SAFETY: bench_in gives the length. */
static struct u32_cslice words(const struct bench_in *in)
{
	return hf_slice_unchecked(u32_cslice, in->words, in->n);
}

static struct u32_cslice more(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	return hf_slice_unchecked(u32_cslice, in->more, in->n);
}

static struct u32_slice out(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	return hf_slice_unchecked(u32_slice, in->out, in->n);
}

static struct u16_cslice at(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	return hf_slice_unchecked(u16_cslice, in->at, in->n);
}

/* --- elements by an index that may be out of range ---------------------------------------------- */

s64 raw_slice_get(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	const u16 *const at = in->at;
	s64 sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (at[i] >= n)
			return -ERANGE;
		sum += p[at[i]];
	}
	return sum;
}

s64 hf_slice_get(const struct bench_in *in)
{
	const struct u32_cslice s = words(in);
	s64 sum = 0;

	hf_for_each(i, at(in))
		sum += *hf_try(hf_get(s, *i));
	return sum;
}

/* --- elements by a proven index: the raw side does not check it, hf_at() does -------------------- */

s64 raw_slice_at(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	const u16 *const at = in->at;
	s64 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[at[i]];
	return sum;
}

s64 hf_slice_at(const struct bench_in *in)
{
	const struct u32_cslice s = words(in);
	s64 sum = 0;

	hf_for_each(i, at(in))
		sum += hf_at(s, *i);
	return sum;
}

/* --- parts -------------------------------------------------------------------------------------- */

s64 raw_slice_sub(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	const u16 *const at = in->at;
	s64 sum = 0;

	for (size_t i = 0; i < n; i++) {
		const size_t from = at[i];

		if (from > n || n - from < 4)
			return -ERANGE;
		sum += p[from] ^ p[from + 1] ^ p[from + 2] ^ p[from + 3];
	}
	return sum;
}

s64 hf_slice_sub(const struct bench_in *in)
{
	const struct u32_cslice s = words(in);
	s64 sum = 0;

	hf_for_each(i, at(in)) {
		const struct u32_cslice part = hf_try(hf_subslice(s, *i, 4));

		sum += hf_at(part, 0) ^ hf_at(part, 1) ^ hf_at(part, 2) ^ hf_at(part, 3);
	}
	return sum;
}

/* --- loops -------------------------------------------------------------------------------------- */

s64 raw_slice_for_each(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	u32 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i];
	return sum;
}

s64 hf_slice_for_each(const struct bench_in *in)
{
	u32 sum = 0;

	hf_for_each(p, words(in))
		sum += *p;
	return sum;
}

s64 raw_slice_for_each_store(const struct bench_in *in)
{
	const size_t n = in->n;
	u32 *const p = in->out;

	for (size_t i = 0; i < n; i++)
		p[i] = p[i] * 3 + 1;
	return n ? p[n / 2] : 0;
}

s64 hf_slice_for_each_store(const struct bench_in *in)
{
	struct u32_slice s = out(in);

	hf_for_each(p, s)
		*p = *p * 3 + 1;
	return hf_len(s) ? hf_at(s, hf_len(s) / 2) : 0;
}

s64 raw_slice_zip(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words, *const q = in->more;
	u32 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += p[i] ^ q[i];
	return sum;
}

s64 hf_slice_zip(const struct bench_in *in)
{
	u32 sum = 0;

	hf_zip(p, words(in), q, more(in))
		sum += *p ^ *q;
	return sum;
}

/* The sum of each row of a picture, without its last two columns; the sums are hashed. */
s64 raw_slice_rows(const struct bench_in *in)
{
	const size_t rows = in->n / BENCH_COLUMNS;
	const u32 *const p = in->words;
	u32 mixed = 0;

	for (size_t y = 0; y < rows; y++) {
		const u32 *const row = p + y * BENCH_COLUMNS;
		u32 sum = 0;

		for (size_t x = 0; x < BENCH_COLUMNS - 2; x++)
			sum += row[x];
		mixed = mixed * 31 + sum;
	}
	return mixed;
}

s64 hf_slice_rows(const struct bench_in *in)
{
	const struct u32_cslice s = words(in);
	u32 mixed = 0;

	hf_for_each_row(row, hf_try(hf_grid(s, hf_len(s) / BENCH_COLUMNS, BENCH_COLUMNS - 2,
					    BENCH_COLUMNS))) {
		u32 sum = 0;

		hf_for_each(p, row)
			sum += *p;
		mixed = mixed * 31 + sum;
	}
	return mixed;
}

s64 raw_slice_copy(const struct bench_in *in)
{
	const size_t n = in->n;
	s64 sum = 0;

	for (size_t i = 0; i < 16 && i < n; i++) {
		const size_t len = n - i;

		memmove(in->out, in->words + i, len * sizeof(u32));
		sum += in->out[len / 2];
	}
	return sum;
}

s64 hf_slice_copy(const struct bench_in *in)
{
	const struct u32_cslice from = words(in);
	struct u32_slice to = out(in);
	s64 sum = 0;

	for (size_t i = 0; i < 16 && i < hf_len(from); i++) {
		const size_t len = hf_len(from) - i;
		struct u32_slice part = hf_try(hf_subslice(to, 0, len));

		hf_try_errno(hf_copy(part, hf_try(hf_subslice(from, i, len))));
		sum += hf_at(part, len / 2);
	}
	return sum;
}

/* Each element and its neighbours. */
s64 raw_slice_stencil(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	u32 *const q = in->out;

	if (n < 3)
		return -ERANGE;
	for (size_t i = 1; i < n - 1; i++)
		q[i] = p[i - 1] + 2 * p[i] + p[i + 1];
	return q[n / 2];
}

s64 hf_slice_stencil(const struct bench_in *in)
{
	const struct u32_cslice s = words(in);
	const size_t n = hf_ok_or(hf_sub_size(hf_len(s), 2), 0);
	const struct u32_cslice left = hf_try(hf_subslice(s, 0, n)), mid = hf_try(hf_subslice(s, 1, n)),
				right = hf_try(hf_subslice(s, 2, n));
	struct u32_slice to = hf_try(hf_subslice(out(in), 1, n));

	if (!n)
		return -ERANGE;
	for (size_t i = 0; i < n; i++)
		hf_at(to, i) = hf_at(left, i) + 2 * hf_at(mid, i) + hf_at(right, i);
	return hf_at(out(in), hf_len(s) / 2);
}

/* How often each value of the low byte occurs. */
s64 raw_slice_histogram(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	u32 counts[256] = { 0 };
	u32 mixed = 0;

	for (size_t i = 0; i < n; i++)
		counts[(u8)p[i]]++;
	for (size_t i = 0; i < 256; i++)
		mixed = mixed * 31 + counts[i];
	return mixed;
}

s64 hf_slice_histogram(const struct bench_in *in)
{
	u32 counts[256] = { 0 };
	u32 mixed = 0;

	hf_for_each(p, words(in))
		hf_array_at(counts, (u8)*p)++;
	hf_for_each(c, hf_slice(u32_cslice, counts))
		mixed = mixed * 31 + *c;
	return mixed;
}

/* --- rings -------------------------------------------------------------------------------------- */

#define RING 64u

struct ring {
	u32 head, tail;			/* free-running; their difference is the fill level */
	u32 slots[RING];
};

static int raw_ring_mask_push(struct ring *r, u32 v)
{
	if (r->head - r->tail == RING)
		return -ENOSPC;
	r->slots[r->head++ % RING] = v;
	return 0;
}

static int raw_ring_mask_pop(struct ring *r, u32 *v)
{
	if (r->head == r->tail)
		return -ENODATA;
	*v = r->slots[r->tail++ % RING];
	return 0;
}

s64 raw_ring_mask(const struct bench_in *in)
{
	struct ring *const r = in->arena;
	s64 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		u32 v;
		int err = raw_ring_mask_push(r, in->words[i]);

		if (!err)
			err = raw_ring_mask_pop(r, &v);
		if (err)
			return err;
		sum += v;
	}
	return sum;
}

static HF_MUST_USE int hf_ring_mask_push(struct ring *r, u32 v)
{
	if (r->head - r->tail == RING)
		return -ENOSPC;
	hf_array_at(r->slots, r->head++ % RING) = v;
	return 0;
}

static struct u32_result hf_ring_mask_pop(struct ring *r)
{
	if (r->head == r->tail)
		return hf_err(u32, -ENODATA);
	return hf_ok(u32, hf_array_at(r->slots, r->tail++ % RING));
}

s64 hf_ring_mask(const struct bench_in *in)
{
	struct ring *const r = in->arena;
	s64 sum = 0;

	hf_for_each(p, words(in)) {
		hf_try_errno(hf_ring_mask_push(r, *p));
		sum += hf_try(hf_ring_mask_pop(r));
	}
	return sum;
}

/* The size comes from the device.  The index wraps by a comparison, so its bound is not known. */
struct raw_wrap {
	u32 *slots;
	size_t size, head, tail, used;
};

static int raw_ring_wrap_push(struct raw_wrap *r, u32 v)
{
	if (r->used == r->size)
		return -ENOSPC;
	r->slots[r->head] = v;
	if (++r->head == r->size)
		r->head = 0;
	r->used++;
	return 0;
}

static int raw_ring_wrap_pop(struct raw_wrap *r, u32 *v)
{
	if (!r->used)
		return -ENODATA;
	*v = r->slots[r->tail];
	if (++r->tail == r->size)
		r->tail = 0;
	r->used--;
	return 0;
}

s64 raw_ring_wrap(const struct bench_in *in)
{
	struct raw_wrap *const r = in->arena;
	s64 sum = 0;

	r->slots = in->out;
	r->size = in->n;
	for (size_t i = 0; i < in->n; i++) {
		u32 v;
		int err = raw_ring_wrap_push(r, in->words[i]);

		if (!err)
			err = raw_ring_wrap_pop(r, &v);
		if (err)
			return err;
		sum += v;
	}
	return sum;
}

struct hf_wrap {
	struct u32_slice slots;
	size_t head, tail, used;
};

static HF_MUST_USE int hf_ring_wrap_push(struct hf_wrap *r, u32 v)
{
	if (r->used == hf_len(r->slots))
		return -ENOSPC;
	hf_at(r->slots, r->head) = v;
	if (++r->head == hf_len(r->slots))
		r->head = 0;
	r->used++;
	return 0;
}

static struct u32_result hf_ring_wrap_pop(struct hf_wrap *r)
{
	u32 v;

	if (!r->used)
		return hf_err(u32, -ENODATA);
	v = hf_at(r->slots, r->tail);
	if (++r->tail == hf_len(r->slots))
		r->tail = 0;
	r->used--;
	return hf_ok(u32, v);
}

s64 hf_ring_wrap(const struct bench_in *in)
{
	struct hf_wrap *const r = in->arena;
	s64 sum = 0;

	r->slots = out(in);
	hf_for_each(p, words(in)) {
		hf_try_errno(hf_ring_wrap_push(r, *p));
		sum += hf_try(hf_ring_wrap_pop(r));
	}
	return sum;
}
