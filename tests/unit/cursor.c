// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* cursor.h: readers and writers of bytes, which stop at the end. */
#include <holdfast/cursor.h>

#include "harness.h"

static const u8 bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
			    0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x92 };

static struct hf_reader read_from(size_t from, size_t n)
{
	return hf_reader(hf_expect(hf_array_subslice(u8_cslice, bytes, from, n), "it is inside"));
}

/* The integer that the n bytes at @p make. */
static u64 little(const u8 *p, size_t n)
{
	u64 v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

static u64 big(const u8 *p, size_t n)
{
	u64 v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static u64 native(const u8 *p, size_t n)
{
	const u16 one = 1;

	return *(const u8 *)&one ? little(p, n) : big(p, n);
}

/* --- readers ------------------------------------------------------------------------------------ */

#define READ_CHECK(name, order, n)							\
	do {										\
		/* Every alignment, with every number of bytes up to one more than needed. */ \
		for (size_t from = 0; from < 9; from++)					\
			for (size_t have = 0; have <= (n) + 1; have++) {		\
				struct hf_reader r = read_from(from, have);		\
				__auto_type v = hf_read_##name(&r);			\
											\
				if (have < (n)) {					\
					HF_EXPECT_ERR(v, -ENODATA);			\
					HF_EXPECT_EQ(hf_remaining(&r), have);		\
				} else {						\
					HF_EXPECT_OK(v);	/* SAFETY: tested for an error. */ \
					HF_EXPECT_EQ(hf_accept_any(v.val_),		\
						     order(bytes + from, n));		\
					HF_EXPECT_EQ(hf_remaining(&r), have - (n));	\
				}							\
			}								\
	} while (0)

HF_TEST(cursor, reads_every_width_and_order)
{
	__extension__ ({
		READ_CHECK(u8, little, 1);
		READ_CHECK(le16, little, 2);
		READ_CHECK(le32, little, 4);
		READ_CHECK(le64, little, 8);
		READ_CHECK(be16, big, 2);
		READ_CHECK(be32, big, 4);
		READ_CHECK(be64, big, 8);
		READ_CHECK(cpu16, native, 2);
		READ_CHECK(cpu32, native, 4);
		READ_CHECK(cpu64, native, 8);
	});
}

HF_TEST(cursor, reads_in_order)
{
	struct hf_reader r = read_from(0, 18);

	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_u8(&r), "18 bytes")), 0x01);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_le32(&r), "18 bytes")), 0x05040302);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_be16(&r), "18 bytes")), 0x0607);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_be64(&r), "18 bytes")), 0x08098a8b8c8d8e8fULL);
	HF_EXPECT_EQ(hf_remaining(&r), 3);
	/* A read that is too long consumes nothing. */
	HF_EXPECT_ERR(hf_read_le32(&r), -ENODATA);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_le16(&r), "3 bytes")), 0x9190);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_u8(&r), "1 byte")), 0x92);
	HF_EXPECT_ERR(hf_read_u8(&r), -ENODATA);
	HF_EXPECT_ERR(hf_read_u8(&r), -ENODATA);
}

HF_TEST(cursor, reads_bytes_where_they_are)
{
	struct hf_reader r = read_from(0, 10);
	struct u8_cslice s = hf_expect(hf_read_bytes(&r, 4), "10 bytes");

	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(s), bytes);
	HF_EXPECT_EQ(hf_len(s), 4);
	HF_EXPECT_ERR(hf_read_bytes(&r, 7), -ENODATA);
	HF_EXPECT_ERR(hf_read_bytes(&r, SIZE_MAX), -ENODATA);
	HF_EXPECT_ERR(hf_read_bytes(&r, 1ULL << 32), -ENODATA);
	HF_EXPECT_ERR(hf_read_bytes(&r, (u64)hf_test_hide((s64)-1)), -ENODATA);
	HF_EXPECT_EQ(hf_remaining(&r), 6);
	HF_EXPECT_EQ(hf_len(hf_expect(hf_read_bytes(&r, 0), "nothing is always there")), 0);
	s = hf_expect(hf_read_bytes(&r, 6), "6 bytes");
	/* SAFETY: only compared. */
	HF_EXPECT_PTR_EQ(hf_ptr_unchecked(s), bytes + 4);
	HF_EXPECT_EQ(hf_remaining(&r), 0);
	HF_EXPECT_EQ(hf_len(hf_expect(hf_read_bytes(&r, 0), "nothing is always there")), 0);
	HF_EXPECT_ERR(hf_read_bytes(&r, 1), -ENODATA);
}

HF_TEST(cursor, skips)
{
	struct hf_reader r = read_from(0, 10);

	HF_EXPECT_EQ(hf_skip(&r, 3), 0);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_u8(&r), "7 bytes")), 0x04);
	HF_EXPECT_EQ(hf_skip(&r, 7), -ENODATA);
	HF_EXPECT_EQ(hf_skip(&r, SIZE_MAX), -ENODATA);
	HF_EXPECT_EQ(hf_skip(&r, (1ULL << 32) + 1), -ENODATA);
	HF_EXPECT_EQ(hf_skip(&r, ~0ULL << 32), -ENODATA);
	HF_EXPECT_EQ(hf_remaining(&r), 6);
	HF_EXPECT_EQ(hf_skip(&r, 0), 0);
	HF_EXPECT_EQ(hf_skip(&r, 6), 0);
	HF_EXPECT_EQ(hf_skip(&r, 0), 0);
	HF_EXPECT_EQ(hf_skip(&r, 1), -ENODATA);
}

HF_TEST(cursor, sub_reader_ends_where_it_was_told)
{
	struct hf_reader r = read_from(0, 10);
	struct hf_reader sub;

	/* The length comes from the data and is untrusted; hf_subreader() checks it. */
	sub = hf_expect(hf_subreader(&r, hf_expect(hf_read_u8(&r), "10 bytes")), "1 byte is there");
	HF_EXPECT_EQ(hf_remaining(&sub), 1);
	HF_EXPECT_EQ(hf_remaining(&r), 8);
	HF_EXPECT_ERR(hf_read_le16(&sub), -ENODATA);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_u8(&sub), "1 byte")), 0x02);
	HF_EXPECT_ERR(hf_read_u8(&sub), -ENODATA);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_read_u8(&r), "8 bytes")), 0x03);
}

HF_TEST(cursor, sub_reader_longer_than_the_rest_is_refused)
{
	struct hf_reader r = read_from(0, 10);

	HF_EXPECT_ERR(hf_subreader(&r, hf_untrusted_u8(11)), -ENODATA);
	HF_EXPECT_ERR(hf_subreader(&r, hf_untrusted_u16(0xffff)), -ENODATA);
	HF_EXPECT_ERR(hf_subreader(&r, hf_untrusted_u32(0xffffffff)), -ENODATA);
	HF_EXPECT_ERR(hf_subreader(&r, hf_untrusted_u64(~0ULL)), -ENODATA);
	HF_EXPECT_ERR(hf_subreader(&r, hf_untrusted_u64(0x100000001)), -ENODATA);
	HF_EXPECT_EQ(hf_remaining(&r), 10);
	HF_EXPECT_OK(hf_subreader(&r, hf_untrusted_u8(0)));
	HF_EXPECT_OK(hf_subreader(&r, hf_untrusted_u64(10)));
	HF_EXPECT_EQ(hf_remaining(&r), 0);
	HF_EXPECT_OK(hf_subreader(&r, hf_untrusted_u64(0)));
}

HF_TEST(cursor, empty_without_memory_reads_nothing)
{
	struct hf_reader r = hf_reader((struct u8_cslice){ .len_ = 0 });
	struct hf_reader sub;

	HF_EXPECT_EQ(hf_remaining(&r), 0);
	HF_EXPECT_ERR(hf_read_u8(&r), -ENODATA);
	HF_EXPECT_ERR(hf_read_be64(&r), -ENODATA);
	HF_EXPECT_ERR(hf_read_bytes(&r, 1), -ENODATA);
	HF_EXPECT_OK(hf_read_bytes(&r, 0));
	HF_EXPECT_EQ(hf_skip(&r, 0), 0);
	HF_EXPECT_EQ(hf_skip(&r, 1), -ENODATA);
	sub = hf_expect(hf_subreader(&r, hf_untrusted_u8(0)), "nothing is always there");
	HF_EXPECT_ERR(hf_read_u8(&sub), -ENODATA);
}

/* --- writers ------------------------------------------------------------------------------------ */

#define WRITE_CHECK(name, T, order, n)							\
	do {										\
		for (size_t from = 0; from < 9; from++)					\
			for (size_t have = 0; have <= (n) + 1; have++) {		\
				u8 b[20];						\
				struct hf_writer w =					\
					hf_writer(hf_expect(hf_array_subslice(u8_slice, b, from, have), "it is inside")); \
				const T v = (T)0x8102838485868788ULL;			\
				int err;						\
											\
				hf_fill(hf_slice(u8_slice, b), 0xee);			\
				err = hf_write_##name(&w, v);				\
				HF_EXPECT_EQ(err, have < (n) ? -ENOSPC : 0);		\
				HF_EXPECT_EQ(hf_remaining(&w), err ? have : have - (n)); \
				if (!err)						\
					HF_EXPECT_EQ(order(b + from, n), v);		\
				for (size_t i = 0; i < sizeof(b); i++)			\
					if (err || i < from || i >= from + (n))		\
						HF_EXPECT_EQ(b[i], 0xee);		\
			}								\
	} while (0)

HF_TEST(cursor, writes_every_width_and_order)
{
	WRITE_CHECK(u8, u8, little, 1);
	WRITE_CHECK(le16, u16, little, 2);
	WRITE_CHECK(le32, u32, little, 4);
	WRITE_CHECK(le64, u64, little, 8);
	WRITE_CHECK(be16, u16, big, 2);
	WRITE_CHECK(be32, u32, big, 4);
	WRITE_CHECK(be64, u64, big, 8);
	WRITE_CHECK(cpu16, u16, native, 2);
	WRITE_CHECK(cpu32, u32, native, 4);
	WRITE_CHECK(cpu64, u64, native, 8);
}

HF_TEST(cursor, writes_bytes_or_none_of_them)
{
	u8 b[8] = { 0 };
	struct hf_writer w = hf_writer(hf_slice(u8_slice, b));

	HF_EXPECT_EQ(hf_write_u8(&w, 0x77), 0);
	HF_EXPECT_EQ(hf_write_bytes(&w, hf_expect(hf_array_subslice(u8_cslice, bytes, 0, 8), "it is inside")), -ENOSPC);
	HF_EXPECT_EQ(hf_remaining(&w), 7);
	HF_EXPECT_EQ(b[1], 0);
	HF_EXPECT_EQ(hf_write_bytes(&w, hf_expect(hf_array_subslice(u8_cslice, bytes, 0, 3), "it is inside")), 0);
	HF_EXPECT_EQ(hf_write_bytes(&w, (struct u8_cslice){ .len_ = 0 }), 0);
	HF_EXPECT_EQ(hf_write_bytes(&w, hf_expect(hf_array_subslice(u8_cslice, bytes, 3, 4), "it is inside")), 0);
	HF_EXPECT_EQ(hf_remaining(&w), 0);
	HF_EXPECT_EQ(hf_write_bytes(&w, (struct u8_cslice){ .len_ = 0 }), 0);
	HF_EXPECT_EQ(hf_write_bytes(&w, hf_expect(hf_array_subslice(u8_cslice, bytes, 0, 1), "it is inside")), -ENOSPC);
	HF_EXPECT_EQ(b[0], 0x77);
	for (size_t i = 1; i < 8; i++)
		HF_EXPECT_EQ(b[i], i);
}

HF_TEST(cursor, empty_without_memory_takes_nothing)
{
	struct hf_writer w = hf_writer((struct u8_slice){ .len_ = 0 });

	HF_EXPECT_EQ(hf_write_u8(&w, 1), -ENOSPC);
	HF_EXPECT_EQ(hf_write_le64(&w, 1), -ENOSPC);
	HF_EXPECT_EQ(hf_write_bytes(&w, (struct u8_cslice){ .len_ = 0 }), 0);
	HF_EXPECT_EQ(hf_remaining(&w), 0);
}

/* --- random operations -------------------------------------------------------------------------- */

/* An allocation of @n bytes: AddressSanitizer finds an access behind it. */
static struct u8_slice exactly(size_t n)
{
	u8 *p = hf_sys_alloc(n, GFP_KERNEL);

	/* SAFETY: n bytes were allocated. */
	return hf_slice_unchecked(u8_slice, p, p ? n : 0);
}

/* Makes one random operation of a reader.  Returns whether it gave the expected bytes. */
static bool read_something(struct hf_reader *r, struct hf_test_random *random, u8 *expected)
{
	const size_t before = hf_remaining(r);
	const size_t n = (size_t)(hf_test_random(random) % 12);
	struct hf_reader sub;
	struct u8_cslice s;
	size_t took = 0;
	u64 v = 0;
	int err = 0;

#define TAKE(name, bits, order)								\
	do {										\
		struct hf_untrusted_u##bits x = hf_untrusted_u##bits(0);		\
											\
		took = (bits) / 8;							\
		err = hf_store_ok(x, hf_read_##name(r));					\
		v = hf_accept_any(x);							\
		if (!err && v != order(expected, took))					\
			return false;							\
	} while (0)
	switch (hf_test_random(random) % 10) {
	case 0:
		TAKE(u8, 8, little);
		break;
	case 1:
		TAKE(le16, 16, little);
		break;
	case 2:
		TAKE(be16, 16, big);
		break;
	case 3:
		TAKE(le32, 32, little);
		break;
	case 4:
		TAKE(be32, 32, big);
		break;
	case 5:
		TAKE(le64, 64, little);
		break;
	case 6:
		TAKE(cpu64, 64, native);
		break;
	case 7:
		took = n;
		err = hf_store_ok(s, hf_read_bytes(r, n));
		if (!err && n && (hf_len(s) != n || hf_at(s, n - 1) != expected[n - 1]))
			return false;
		break;
	case 8:
		took = n;
		err = hf_skip(r, n);
		break;
	case 9:
		took = n;
		err = hf_store_ok(sub, hf_subreader(r, hf_untrusted_u16((u16)n)));
		if (!err && hf_remaining(&sub) != n)
			return false;
		break;
	}
#undef TAKE
	if (took > before)
		return err == -ENODATA && hf_remaining(r) == before;
	return !err && hf_remaining(r) == before - took;
}

HF_TEST(cursor, reader_never_leaves_its_bytes)
{
	struct hf_test_random random = { .state = 3 };

	for (int round = 0; round < 2000; round++) {
		const size_t n = 1 + hf_test_random(&random) % 64;
		struct u8_slice s = exactly(n);
		struct hf_reader r = hf_reader(hf_const(s));

		HF_ASSERT(hf_len(s) == n);
		hf_for_each(p, s)
			*p = (u8)hf_test_random(&random);
		for (int i = 0; i < 40; i++)
			/* SAFETY: the bytes of s that r reads next, and no more. */
			if (!read_something(&r, &random,
					    hf_ptr_unchecked(s) + (n - hf_remaining(&r)))) {
				HF_EXPECT_EQ(round, i);
				break;
			}
		/* SAFETY: exactly() allocated it, and no slice of it is used again. */
		hf_sys_free(hf_ptr_unchecked(s));
	}
}

HF_TEST(cursor, what_was_written_is_read_back)
{
	struct hf_test_random random = { .state = 4 };

	for (int round = 0; round < 2000; round++) {
		const size_t n = 1 + hf_test_random(&random) % 64;
		struct u8_slice s = exactly(n);
		struct hf_writer w = hf_writer(s);
		struct hf_reader r = hf_reader(hf_const(s));
		u64 seed = random.state;

		HF_ASSERT(hf_len(s) == n);
#define BOTH(name, T)									\
	do {										\
		const u64 v = hf_test_random(&random);					\
											\
		if (pass == 0) {							\
			err = hf_write_##name(&w, (T)v);				\
		} else {								\
			__auto_type x = hf_read_##name(&r);				\
											\
			err = hf_errno(x) == -ENODATA ? -ENOSPC : hf_errno(x);		\
			if (!err)	/* SAFETY: there is no error. */		\
				HF_EXPECT_EQ(hf_accept_any(x.val_), (T)v);		\
		}									\
	} while (0)
		for (int pass = 0; pass < 2; pass++) {
			int err = 0;

			random.state = seed;
			while (!err)
				__extension__ ({
					switch (hf_test_random(&random) % 7) {
					case 0:
						BOTH(u8, u8);
						break;
					case 1:
						BOTH(le16, u16);
						break;
					case 2:
						BOTH(be16, u16);
						break;
					case 3:
						BOTH(le32, u32);
						break;
					case 4:
						BOTH(be32, u32);
						break;
					case 5:
						BOTH(cpu64, u64);
						break;
					case 6:
						BOTH(be64, u64);
						break;
					}
				});
			HF_EXPECT_EQ(err, -ENOSPC);
		}
#undef BOTH
		HF_EXPECT_EQ(hf_remaining(&w), hf_remaining(&r));
		/* SAFETY: exactly() allocated it, and no slice of it is used again. */
		hf_sys_free(hf_ptr_unchecked(s));
	}
}

/* Parses untrusted records, each of a type, a length and that many bytes. */
static int sum_records(struct u8_cslice packet, u32 *sum)
{
	struct hf_reader r = hf_reader(packet);

	while (hf_remaining(&r)) {
		u8 type = hf_accept_any(hf_try(hf_read_u8(&r)));
		struct hf_reader body = hf_try(hf_subreader(&r, hf_try(hf_read_u8(&r))));

		while (hf_remaining(&body)) {
			u8 item = hf_try(hf_below(hf_try(hf_read_u8(&body)), 128));

			*sum += type * item;
		}
	}
	return 0;
}

HF_TEST(cursor, parser_of_hostile_records)
{
	static const struct {
		u8 packet[8];
		size_t len;
		int err;
		u32 sum;
	} table[] = {
		{ { 0 }, 0, 0, 0 },
		{ { 1, 2, 3, 4, 2, 1, 5 }, 7, 0, 3 + 4 + 10 },
		{ { 1, 0, 2, 0 }, 4, 0, 0 },
		{ { 1 }, 1, -ENODATA, 0 },		/* no length */
		{ { 1, 1 }, 2, -ENODATA, 0 },		/* no byte */
		{ { 1, 255, 3, 4 }, 4, -ENODATA, 0 },	/* longer than the packet */
		{ { 1, 1, 3, 1, 2, 4 }, 6, -ENODATA, 3 },
		{ { 1, 1, 200 }, 3, -ERANGE, 0 },
	};
	struct hf_test_random random = { .state = 5 };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++) {
		struct u8_cslice packet = hf_expect(hf_array_subslice(u8_cslice, table[i].packet, 0, table[i].len), "it is inside");
		u32 sum = 0;

		HF_EXPECT_EQ(sum_records(packet, &sum), table[i].err);
		HF_EXPECT_EQ(sum, table[i].sum);
	}
	for (int i = 0; i < 20000; i++) {
		struct u8_slice s = exactly(1 + (size_t)(hf_test_random(&random) % 24));
		u32 sum = 0;
		int err;

		hf_for_each(p, s)
			*p = (u8)(hf_test_random(&random) % (i % 2 ? 256 : 6));
		err = sum_records(hf_const(s), &sum);
		HF_EXPECT(err == 0 || err == -ENODATA || err == -ERANGE);
		/* SAFETY: exactly() allocated it, and no slice of it is used again. */
		hf_sys_free(hf_ptr_unchecked(s));
	}
}

/* --- structures in bytes ---------------------------------------------------------------------------- */

struct header {
	struct hf_be16 port;
	u8 flags[2];
	struct hf_le32 len;
};

HF_WIRE_TYPE(header, struct header, HF_WIRE(port) HF_WIRE(flags) HF_WIRE(len));

struct __attribute__((packed)) odd_header {
	u8 kind;
	struct hf_be32 serial;
};

HF_WIRE_TYPE(odd_header, struct odd_header, HF_WIRE(kind) HF_WIRE(serial));

HF_TEST(cursor, structure_where_it_stands)
{
	static const struct {
		u64 aligned;
		u8 bytes[20];
	} in = { .bytes = { 0, 0, 0, 0, 0x12, 0x34, 7, 8, 0x78, 0x56, 0x34, 0x12, 9, 1, 2, 3, 4 } };
	struct u8_cslice s = hf_slice(u8_cslice, in.bytes);
	const struct header *h = hf_expect(hf_view(header, s, 4), "it is inside and aligned");
	const struct odd_header *o = hf_expect(hf_view(odd_header, s, hf_test_hide((u64)13)), "it is inside");

	HF_EXPECT_EQ(hf_accept_any(hf_from_be(h->port)), 0x1234);
	HF_EXPECT_EQ(h->flags[1], 8);
	HF_EXPECT_EQ(hf_accept_any(hf_from_le(h->len)), 0x12345678);
	HF_EXPECT_PTR_EQ(h, in.bytes + 4);
	HF_EXPECT_EQ(o->kind, 1);
	HF_EXPECT_EQ(hf_accept_any(hf_from_be(o->serial)), 0x02030400);
	HF_EXPECT_OK(hf_view(header, s, 12));
	HF_EXPECT_ERR(hf_view(header, s, 16), -ERANGE);
	HF_EXPECT_ERR(hf_view(header, s, 20), -ERANGE);
	HF_EXPECT_ERR(hf_view(header, s, 24), -ERANGE);
	HF_EXPECT_ERR(hf_view(header, s, SIZE_MAX), -ERANGE);
	HF_EXPECT_ERR(hf_view(header, s, hf_test_hide(1ULL << 32)), -ERANGE);
	HF_EXPECT_ERR(hf_view(header, s, hf_test_hide((s64)-4)), -ERANGE);
	HF_EXPECT_ERR(hf_view(header, s, 2), -EINVAL);
	HF_EXPECT_ERR(hf_view(odd_header, s, 16), -ERANGE);
}

/* What a process has in its memory is in the order of this machine. */
struct request {
	struct hf_untrusted_u64 address;
	struct hf_untrusted_u32 length;
	struct hf_untrusted_u16 flags[2];
};

HF_WIRE_TYPE(request, struct request, HF_WIRE(address) HF_WIRE(length) HF_WIRE(flags));

HF_TEST(cursor, structure_of_untrusted_numbers)
{
	static const struct {
		u64 address;
		u32 length;
		u16 flags[2];
	} in = { 0x123456789abcdef0ULL, 77, { 1, 2 } };
	const struct u8_cslice all = { .len_ = sizeof(in), .ptr_ = (const u8 *)&in };
	const struct request *const r = hf_expect(hf_view(request, all, 0), "it is all of it");

	HF_EXPECT_EQ(hf_accept_any(r->address), in.address);
	HF_EXPECT_EQ(hf_expect(hf_at_most(r->length, 77), "it is"), 77);
	HF_EXPECT_ERR(hf_at_most(r->length, 76), -ERANGE);
	HF_EXPECT_EQ(hf_accept_any(r->flags[1]), 2);
}

HF_TEST(cursor, bytes_of_a_structure)
{
	const struct header h = { .port = hf_be16(0x1234), .flags = { 5, 6 }, .len = hf_le32(1) };
	struct u8_cslice s = hf_bytes_of(header, h);

	HF_EXPECT_EQ(hf_len(s), 8);
	HF_EXPECT_EQ(hf_at(s, 0), 0x12);
	HF_EXPECT_EQ(hf_at(s, 3), 6);
	HF_EXPECT_EQ(hf_at(s, 4), 1);
}

/* --- the memory of a process -------------------------------------------------------------------- */

HF_TEST(cursor, user_memory_there_and_back)
{
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer w = hf_uaccess_writer(page, 100);
	struct hf_uaccess_reader r = hf_uaccess_reader(page, 100);
	u8 in[20] = { 0 };

	HF_EXPECT_EQ(hf_uaccess_write_u8(&w, 0x12), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u16(&w, 0x3456), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 0x789abcde), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u64(&w, 0xfedcba9876543210ULL), 0);
	HF_EXPECT_EQ(hf_uaccess_write(&w, hf_slice(u8_cslice, bytes)), 0);
	HF_EXPECT_EQ(hf_remaining(&w), 100 - 15 - 18);

	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u8(&r), "it is there")), 0x12);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u16(&r), "it is there")), 0x3456);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u32(&r), "it is there")), 0x789abcde);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u64(&r), "it is there")),
		     0xfedcba9876543210ULL);
	HF_EXPECT_EQ(hf_uaccess_read(&r, hf_expect(hf_array_subslice(u8_slice, in, 1, 18), "it is inside")), 0);
	HF_EXPECT_EQ(hf_remaining(&r), hf_remaining(&w));
	HF_EXPECT_EQ(in[0] | in[19], 0);
	for (size_t i = 0; i < sizeof(bytes); i++)
		HF_EXPECT_EQ(in[1 + i], bytes[i]);
	hf_test_user_unmap(page);
}

HF_TEST(cursor, user_memory_of_no_bytes_is_no_error)
{
	struct hf_uaccess_writer w = hf_uaccess_writer(HF_TEST_USER_BAD, 64), nowhere = hf_uaccess_writer(NULL, 0);
	struct hf_uaccess_reader r = hf_uaccess_reader(HF_TEST_USER_BAD, 64), nothing = hf_uaccess_reader(NULL, 0);
	u8 in[1] = { 7 };
	const struct u8_slice none = hf_expect(hf_array_subslice(u8_slice, in, 0, 0), "it is inside");

	HF_EXPECT_EQ(hf_uaccess_write(&w, hf_const(none)), 0);
	HF_EXPECT_EQ(hf_remaining(&w), 64);
	HF_EXPECT_EQ(hf_uaccess_write(&nowhere, hf_const(none)), 0);
	HF_EXPECT_EQ(hf_uaccess_read(&r, none), 0);
	HF_EXPECT_EQ(hf_remaining(&r), 64);
	HF_EXPECT_EQ(hf_uaccess_read(&nothing, none), 0);
	HF_EXPECT_EQ(in[0], 7);
}

HF_TEST(cursor, user_cursor_ends_where_it_was_told)
{
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer w = hf_uaccess_writer(page, 3);
	struct hf_uaccess_reader r = hf_uaccess_reader(page, 3);
	u8 in[4] = { 9, 9, 9, 9 };

	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 1), -ENOSPC);
	HF_EXPECT_EQ(hf_uaccess_write(&w, hf_expect(hf_array_subslice(u8_cslice, bytes, 0, 4), "it is inside")), -ENOSPC);
	HF_EXPECT_EQ(hf_remaining(&w), 3);
	HF_EXPECT_EQ(hf_uaccess_write(&w, hf_expect(hf_array_subslice(u8_cslice, bytes, 0, 3), "it is inside")), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u8(&w, 1), -ENOSPC);

	HF_EXPECT_ERR(hf_uaccess_read_u32(&r), -ENODATA);
	HF_EXPECT_EQ(hf_uaccess_read(&r, hf_slice(u8_slice, in)), -ENODATA);
	HF_EXPECT_EQ(in[0], 9);
	HF_EXPECT_EQ(hf_remaining(&r), 3);
	HF_EXPECT_EQ(hf_uaccess_read(&r, hf_expect(hf_array_subslice(u8_slice, in, 0, 3), "it is inside")), 0);
	HF_EXPECT_EQ(in[2], 3);
	HF_EXPECT_EQ(in[3], 9);
	HF_EXPECT_ERR(hf_uaccess_read_u8(&r), -ENODATA);
	hf_test_user_unmap(page);
}

HF_TEST(cursor, user_memory_that_is_not_there_is_an_error)
{
	struct hf_uaccess_writer w = hf_uaccess_writer(HF_TEST_USER_BAD, 64);
	struct hf_uaccess_reader r = hf_uaccess_reader(HF_TEST_USER_BAD, 64);
	u8 in[8] = { 0 };

	HF_EXPECT_ERR(hf_uaccess_read_u8(&r), -EFAULT);
	HF_EXPECT_ERR(hf_uaccess_read_u16(&r), -EFAULT);
	HF_EXPECT_ERR(hf_uaccess_read_u32(&r), -EFAULT);
	HF_EXPECT_ERR(hf_uaccess_read_u64(&r), -EFAULT);
	HF_EXPECT_EQ(hf_uaccess_read(&r, hf_slice(u8_slice, in)), -EFAULT);
	HF_EXPECT_EQ(hf_remaining(&r), 64);
	HF_EXPECT_EQ(hf_uaccess_write_u8(&w, 1), -EFAULT);
	HF_EXPECT_EQ(hf_uaccess_write_u16(&w, 1), -EFAULT);
	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 1), -EFAULT);
	HF_EXPECT_EQ(hf_uaccess_write_u64(&w, 1), -EFAULT);
	HF_EXPECT_EQ(hf_uaccess_write(&w, hf_slice(u8_cslice, in)), -EFAULT);
	HF_EXPECT_EQ(hf_remaining(&w), 64);
}

HF_TEST(cursor, user_memory_that_ends_too_early_is_an_error)
{
	char __user *const page = hf_test_user_map();
	struct hf_uaccess_reader r = hf_uaccess_reader(page + HF_TEST_PAGE - 6, 100);
	struct hf_uaccess_writer w = hf_uaccess_writer(page + HF_TEST_PAGE - 6, 100);

	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 0x01020304), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u32(&w, 0x05060708), -EFAULT);
	HF_EXPECT_EQ(hf_remaining(&w), 96);
	HF_EXPECT_EQ(hf_uaccess_write_u16(&w, 0x090a), 0);
	HF_EXPECT_EQ(hf_uaccess_write_u8(&w, 1), -EFAULT);

	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u32(&r), "it is there")), 0x01020304);
	HF_EXPECT_ERR(hf_uaccess_read_u64(&r), -EFAULT);
	HF_EXPECT_EQ(hf_remaining(&r), 96);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_uaccess_read_u16(&r), "it is there")), 0x090a);
	HF_EXPECT_ERR(hf_uaccess_read_u8(&r), -EFAULT);
	hf_test_user_unmap(page);
}

HF_TEST(cursor, user_memory_may_be_none)
{
	struct hf_uaccess_reader r = hf_uaccess_reader(NULL, 0);
	struct hf_uaccess_writer w = hf_uaccess_writer(NULL, 0);

	HF_EXPECT_EQ(hf_uaccess_read(&r, (struct u8_slice){ .len_ = 0 }), 0);
	HF_EXPECT_EQ(hf_uaccess_write(&w, (struct u8_cslice){ .len_ = 0 }), 0);
	HF_EXPECT_ERR(hf_uaccess_read_u8(&r), -ENODATA);
	HF_EXPECT_EQ(hf_uaccess_write_u8(&w, 1), -ENOSPC);
	/* A transfer of no bytes touches no user memory. */
	r = hf_uaccess_reader(HF_TEST_USER_BAD, 8);
	HF_EXPECT_EQ(hf_uaccess_read(&r, (struct u8_slice){ .len_ = 0 }), 0);
	HF_EXPECT_EQ(hf_remaining(&r), 8);
}

HF_TEST(cursor, user_structure_is_copied_as_a_whole)
{
	const struct header sent = { .port = hf_be16(443), .flags = { 7, 9 }, .len = hf_le32(100000) };
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer w = hf_uaccess_writer(page, HF_TEST_PAGE);
	struct hf_uaccess_reader r = hf_uaccess_reader(page, 2 * sizeof(sent) - 1);

	HF_EXPECT_EQ(hf_uaccess_write(&w, hf_bytes_of(header, sent)), 0);
	const struct header got = hf_expect(hf_uaccess_read_as(header, &r), "it was written");

	HF_EXPECT_EQ(memcmp(&got, &sent, sizeof(sent)), 0);
	/* A part of it is none, and stays. */
	HF_EXPECT_EQ(hf_errno(hf_uaccess_read_as(header, &r)), -ENODATA);
	HF_EXPECT_EQ(hf_remaining(&r), sizeof(sent) - 1);
	r = hf_uaccess_reader(HF_TEST_USER_BAD, 64);
	HF_EXPECT_EQ(hf_errno(hf_uaccess_read_as(header, &r)), -EFAULT);
	hf_test_user_unmap(page);
}

HF_TEST(cursor, user_pointer_is_an_address_of_this_machine)
{
	HF_EXPECT(!hf_expect(hf_user_ptr(hf_untrusted_u64(0)), "it has no bits"));
	HF_EXPECT_EQ((unsigned long)hf_expect(hf_user_ptr(hf_untrusted_u64(~0u)), "it fits"), ~0u);
	HF_EXPECT_EQ(hf_errno(hf_user_ptr(hf_untrusted_u64(1ull << 32))), sizeof(long) == 4 ? -EFAULT : 0);
}
