// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Numbers from outside that measure, step, shift, divide and index, checked in the ways that drivers check them. */
#include <holdfast/holdfast.h>

#define ROOM 128U
#define PARTS 48U

struct wire {
	struct hf_le32 offset;
	struct hf_le16 length;
	u8 kind, count;
};
HF_WIRE_TYPE(wire, struct wire, HF_WIRE(offset) HF_WIRE(length) HF_WIRE(kind) HF_WIRE(count));

struct part {
	u8 kind, length;
	u16 size;
};

struct box {
	u8 room[ROOM], by_byte[256];
	u32 slot[PARTS], head, rate, seen;
	u64 mask;
	u16 curve[201];
	struct part part;
};

struct plane {
	u32 width, height;
	HF_TRAILING(u32, pixel);
};

static void plane_free(struct plane *p)
{
	hf_free(p);
}

HF_OWN_DEFINE(plane, struct plane, plane_free);

/* Products and sums that fit: by their bounds, by a wider type, by a check of what came out. */
int sizes(struct plane_own *to, struct hf_uaccess_reader *r);
int sizes(struct plane_own *to, struct hf_uaccess_reader *r)
{
	const u32 width = hf_try(hf_in_range(hf_try(hf_uaccess_read_u32(r)), 1, 8192));
	const u32 height = hf_try(hf_in_range(hf_try(hf_uaccess_read_u32(r)), 1, 8192));
	const u16 rows = hf_accept_any(hf_try(hf_uaccess_read_u16(r)));
	const u16 columns = hf_accept_any(hf_try(hf_uaccess_read_u16(r)));
	const u32 any = hf_accept_any(hf_try(hf_uaccess_read_u32(r)));

	if (rows > 4096 || columns > 4096 || any + ROOM < any)
		return -E2BIG;
	hf_let(plane, a, hf_try(hf_new_array(plane, pixel, width * height, GFP_KERNEL)));
	hf_let(plane, b, hf_try(hf_new_array(plane, pixel, rows * columns, GFP_KERNEL)));
	if ((u64)any * sizeof(u32) > 65536)
		return -E2BIG;
	hf_let(plane, c, hf_try(hf_new_array(plane, pixel, any, GFP_KERNEL)));
	hf_mut(a)->width = hf_mut(b)->width = hf_mut(c)->width = width;
	hf_set(*to, hf_move(a));
	return 0;
}

/* A door refuses a number that wrapped below 0; what is longer than its type is cut on purpose, or shown to fit. */
int lengths(struct box *b, struct hf_reader *r, struct u8_cslice all);
int lengths(struct box *b, struct hf_reader *r, struct u8_cslice all)
{
	const u32 word = hf_accept_any(hf_try(hf_read_le32(r)));
	const u32 from = hf_try(hf_at_most(hf_try(hf_read_le32(r)), ROOM));
	const u16 total = hf_accept_any(hf_try(hf_read_le16(r)));
	const struct u8_cslice rest = hf_try(hf_subslice(all, from, hf_len(all) - from));
	u8 sum = 0;

	b->part.kind = (u8)(word >> 24);
	b->part.length = (u8)word;
	b->part.size = word & 0xffff;
	hf_for_each(byte, rest)
		sum = (u8)(sum + *byte + b->by_byte[(u8)word]);
	if (word > 1000)
		return -EPROTO;
	b->part.size = (u16)word;
	hf_try_errno(hf_skip(r, b->part.length));
	hf_try_errno(hf_skip(r, b->part.size));
	hf_try_errno(hf_skip(r, (u64)word + total));
	const int body = total - 4;
	if (body < 0 || body > (int)sizeof(b->room))
		return -EPROTO;
	memset(b->room, sum, (size_t)body);
	return hf_copy(hf_try(hf_array_subslice(u8_slice, b->room, from, ROOM - from)), rest);
}

/* A difference of two numbers that were compared; a loop that ends one before. */
u32 differences(struct box *b, struct hf_untrusted_u32 total, struct hf_untrusted_u32 header);
u32 differences(struct box *b, struct hf_untrusted_u32 total, struct hf_untrusted_u32 header)
{
	const u32 t = hf_ok_or(hf_at_most(total, PARTS), 0);
	const u32 h = hf_ok_or(hf_at_most(header, PARTS), 0);
	u32 sum = 0;

	if (h > t)
		return 0;
	memset(b->room, 0, t - h);
	for (u32 i = 0; i + 1 < t; i++)
		sum += b->slot[i + 1] - b->slot[i];
	for (int i = (int)t - 1; i >= 0; i--)
		sum += b->slot[i];
	return t ? sum + b->slot[t - 1] : sum;
}

/* Signed numbers, whose lower end a comparison of another type checks, too. */
u32 signed_indexes(struct box *b, struct hf_untrusted_u16 first, struct hf_untrusted_u32 second);
u32 signed_indexes(struct box *b, struct hf_untrusted_u16 first, struct hf_untrusted_u32 second)
{
	s16 celsius = (s16)hf_accept_any(first);
	const u32 raw = hf_accept_any(second);
	const s32 i = (s32)raw;
	u32 sum = 0;

	if (i >= 0 && i < (s32)PARTS)
		sum += b->slot[i] + b->slot[raw];
	if ((size_t)i < sizeof(b->room))
		sum += b->room[i];
	if (celsius < 0)
		celsius = 0;
	return sum + b->curve[celsius < 200 ? celsius : 200];
}

/* Shifts and divisors. */
int operands(struct box *b, struct hf_reader *r);
int operands(struct box *b, struct hf_reader *r)
{
	const u32 bit = hf_try(hf_below(hf_try(hf_read_le32(r)), 64));
	const u32 rate = hf_accept_any(hf_try(hf_read_le32(r)));

	b->mask |= 1ULL << bit;
	b->head = 1U << (bit % 32) | (bit < 32 ? 1U << bit : 0);
	b->rate = 48000 / (rate ? rate : 1) + 48000 / (1 + (rate & 7));
	/* What is left of 32 bits says that the bit is one of them. */
	if (bit && (u64)b->seen >> bit)
		b->seen = 1U << bit;
	if (!rate)
		return -EINVAL;
	b->head %= rate;
	return 0;
}

/* Bytes of a structure that others wrote. */
int bytes(struct box *b, struct hf_uaccess_reader *u, struct u8_cslice packet);
int bytes(struct box *b, struct hf_uaccess_reader *u, struct u8_cslice packet)
{
	const struct wire w = hf_try(hf_uaccess_read_as(wire, u));
	const struct wire *v = hf_try(hf_view(wire, packet, 0));

	if (w.count >= PARTS || v->count > PARTS)
		return -ERANGE;
	for (u32 i = 0; i < v->count; i++)
		b->slot[i]++;
	b->slot[w.count]++;
	b->by_byte[v->kind]++;
	return b->slot[((u32)w.kind << 8 | v->kind) % PARTS] ? 0 : -ENOENT;
}

/* Steps that are not 0, and loops that count their turns. */
int steps(struct box *b, struct u8_cslice all);
int steps(struct box *b, struct u8_cslice all)
{
	struct u8_cslice rest = all;
	u32 turns = 0;

	for (u32 at = 0; at < hf_len(all);) {
		struct hf_reader r = hf_reader(hf_try(hf_subslice(all, at, 2)));
		const u8 length = hf_accept_any(hf_try(hf_read_u8(&r)));

		if (length < 2)
			return -EPROTO;
		b->seen++;
		at += length;
	}
	while (hf_len(rest)) {
		struct hf_reader r = hf_reader(rest);
		const u8 length = hf_accept_any(hf_try(hf_read_u8(&r)));

		if (++turns > 8)
			return -E2BIG;
		b->seen++;
		rest = hf_try(hf_split_at(rest, length)).tail;
	}
	for (rest = all; hf_len(rest);) {
		struct hf_reader r = hf_reader(rest);
		const u8 length = hf_accept_any(hf_try(hf_read_u8(&r)));

		b->seen++;
		rest = hf_try(hf_split_at(rest, 1 + length)).tail;
	}
	return 0;
}
