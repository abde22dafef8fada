// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Slices, cursors and vectors.
#include <holdfast/cursor.h>
#include <holdfast/vec.h>

static const u8 table[16] = { 1, 2, 3 };

struct entry {
	u32 key;
	u32 value;
};

HF_SLICE_DEFINE(entry, struct entry);

int views(size_t n);
int views(size_t n)
{
	u8 a[16] = { 1, 2, 3 };
	u32 b[4] = { 0 };
	const struct entry entries[2] = { { 1, 2 }, { 3, 4 } };
	struct u8_slice s = hf_slice(u8_slice, a);
	struct u8_cslice c = hf_slice(u8_cslice, table);
	struct u8_cslice d = hf_slice(u8_cslice, a);
	struct entry_cslice e = hf_slice(entry_cslice, entries);
	struct u8_cslice_halves h = hf_try(hf_split_at(c, n));
	int sum = 0;

	hf_for_each(p, e)
		sum += (int)p->value;
	hf_for_each(p, s) {
		if (*p == 9)
			break;
		sum += *p;
	}
	hf_zip(x, h.head, y, hf_slice(u32_slice, b))
		*y += *x;
	hf_try_errno(hf_copy(s, d));
	hf_try_errno(hf_copy(hf_try(hf_subslice(s, 0, 4)), hf_try(hf_subslice(c, 0, 4))));
	hf_fill(hf_try(hf_array_subslice(u8_slice, a, 4, 4)), 7);
	hf_fill(hf_try(hf_array_subslice(u8_slice, a, n, n)), 7);
	hf_at(s, n) = hf_at(c, n);
	hf_array_at(b, n) = *hf_try(hf_get(c, n));
	hf_for_each_row(row, hf_try(hf_grid(s, 4, 3, 4)))
		hf_at(row, 0)++;
	return sum + (int)hf_array_at(b, 3);
}

int cursors(struct u8_slice buf);
int cursors(struct u8_slice buf)
{
	struct hf_writer w = hf_writer(buf);
	struct hf_reader r = hf_reader(hf_const(buf));
	int err, n = 0;
	u16 len = 0;

	hf_try_errno(hf_write_u8(&w, 3));
	hf_try_errno(hf_write_le16(&w, 4));
	while (hf_remaining(&r)) {
		struct hf_untrusted_u16 more;
		struct hf_reader body = hf_try(hf_subreader(&r, hf_try(hf_read_u8(&r))));

		hf_try_errno(hf_skip(&body, 1));
		err = hf_store_ok(more, hf_read_be16(&body));
		if (err)
			break;
		len = hf_try(hf_at_most(more, 64));
		n += len;
	}
	return n;
}

int vectors(void);
int vectors(void)
{
	hf_let_vec(u32, v);

	for (u32 i = 0; i < 100; i++)
		hf_try_errno(hf_vec_push(&v, i, GFP_KERNEL));
	hf_try_errno(hf_vec_reserve(&v, 1, GFP_KERNEL));
	hf_try_errno(hf_vec_push_within(&v, 3));
	hf_for_each(p, v)
		*p += 1;
	hf_try_errno(hf_vec_resize(&v, 100, GFP_KERNEL));
	hf_try_errno(hf_vec_extend(&v, hf_try(hf_subslice(v, 1, 4)), GFP_KERNEL));
	hf_vec_truncate(&v, 3);
	hf_try_errno(hf_vec_insert(&v, hf_at(v, 0), 7, GFP_KERNEL));
	const u32 first = hf_try(hf_vec_remove(u32, &v, 0));
	const u32 last = hf_try(hf_vec_pop(u32, &v));

	return (int)hf_at(v, 0) + (int)hf_len(hf_vec_slice(&v)) + (int)first + (int)last;
}
