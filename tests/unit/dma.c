// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* dma.h: arrays that a device shares, buffers that are mapped for it. */
#include <holdfast/sys/sys.h>

/*
 * Wrappers around the back end's accesses to shared memory record each access, and let the test change
 * memory after it, as a device would.  They must be defined before dma.h is included.
 */
typedef u32 __attribute__((may_alias)) dma_word;
typedef u64 __attribute__((may_alias)) dma_long;

static const void *accesses[16];
static size_t accesses_n;
/* This word's bits are inverted after it was read. */
static dma_word *change_after;

static inline __attribute__((unused)) void note_access(const void *p)
{
	if (accesses_n < sizeof(accesses) / sizeof(accesses[0]))
		accesses[accesses_n] = p;
	accesses_n++;
}

static inline __attribute__((unused)) u32 watched_load(const dma_word *p, bool gate)
{
	const u32 v = gate ? hf_sys_dma_load_gate(p) : hf_sys_dma_load(p);

	note_access(p);
	if (p == change_after)
		hf_sys_dma_store(change_after, ~v);
	return v;
}

/* A wide store counts as one access to each of its words. */
static inline __attribute__((unused)) void note_words(const void *p, size_t size)
{
	for (size_t i = 0; i < size; i += sizeof(dma_long))
		note_access((const char *)p + i);
}

#undef hf_sys_dma_load
#undef hf_sys_dma_load_gate
#undef hf_sys_dma_store
#define hf_sys_dma_load(p)	watched_load(p, false)
#define hf_sys_dma_load_gate(p)	watched_load(p, true)
#define hf_sys_dma_store(p, v)								\
	do {										\
		note_words((p), sizeof(*(p)));						\
		hf_sys_write_once((p), (v));						\
	} while (0)

#include <holdfast/dma.h>
#include <holdfast/mmio.h>

#include "harness.h"

static struct hf_device device_new(void)
{
	struct hf_device dev = hf_test_device_new();

	HF_EXPECT(hf_test_device_is(&dev));
	return dev;
}

/* --- arrays ----------------------------------------------------------------------------------- */

struct cqe {
	struct hf_le32 result;
	struct hf_le32 reserved;
	struct hf_le16 sq_head;
	struct hf_le16 sq_id;
	struct hf_le16 cid;
	struct hf_le16 status;
};

/* The offset of the word with the status and the phase bit, and that bit's mask. */
#define GATE		12
#define PHASE		0x10000U

HF_DMA_DEFINE(cqes, struct cqe);

static struct cqe cqe(u32 result, u16 cid, u16 status)
{
	return (struct cqe){
		.result = hf_le32(result),
		.cid = hf_le16(cid),
		.status = hf_le16(status),
	};
}

static bool cqe_is(struct cqe c, u32 result, u16 cid, u16 status)
{
	const struct cqe wanted = cqe(result, cid, status);

	return !memcmp(&c, &wanted, sizeof(c));
}

static struct cqes cqes_new(struct hf_device *dev, size_t n)
{
	return hf_expect(cqes_alloc(dev, n, GFP_KERNEL), "no failure is injected");
}

HF_TEST(dma, array_is_zeroed)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 300);

	for (size_t i = 0; i < 300; i++)
		HF_EXPECT(cqe_is(cqes_read(&a, i), 0, 0, 0));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, array_has_an_address_of_its_own)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 4), b = cqes_new(&dev, 4);
	void *p = hf_test_device_sees(&dev, cqes_addr(&a), 4 * sizeof(struct cqe),
			      HF_TEST_DEVICE_READS | HF_TEST_DEVICE_WRITES);

	HF_EXPECT(p != NULL);
	HF_EXPECT_NE(cqes_addr(&a), (dma_addr_t)(unsigned long)p);
	HF_EXPECT_NE(cqes_addr(&a), cqes_addr(&b));
	HF_EXPECT_EQ(cqes_addr(&a) % HF_SYS_DMA_PAGE_SIZE, 0);
	/* The device sees the whole array and nothing behind it. */
	HF_EXPECT_PTR_EQ(hf_test_device_sees(&dev, cqes_addr(&a), 4 * sizeof(struct cqe) + 1, HF_TEST_DEVICE_READS),
			 NULL);
	HF_EXPECT_PTR_EQ(hf_test_device_sees(&dev, cqes_addr(&a) + 3 * sizeof(struct cqe),
				     sizeof(struct cqe), HF_TEST_DEVICE_READS),
			 (struct cqe *)p + 3);
	HF_EXPECT_PTR_EQ(hf_test_device_sees(&dev, cqes_addr(&a) - 1, 1, HF_TEST_DEVICE_READS), NULL);
	cqes_drop(&a);
	cqes_drop(&b);
	hf_test_device_free(&dev);
}

/* Not by a NULL pointer, somewhere. */
HF_TEST_DIES(dma, device_without_iommu)
{
	static struct hf_device none;
	struct cqes a = cqes_new(&none, 1);

	cqes_drop(&a);
}

HF_TEST(dma, array_of_a_wrong_size_is_an_error)
{
	struct hf_device dev = device_new();

	HF_EXPECT_ERR(cqes_alloc(&dev, 0, GFP_KERNEL), -EINVAL);
	/* The size in bytes wraps, to 0 and to small numbers. */
	HF_EXPECT_ERR(cqes_alloc(&dev, SIZE_MAX / 16 + 1, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(cqes_alloc(&dev, SIZE_MAX / 16 + 2, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(cqes_alloc(&dev, SIZE_MAX, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(cqes_alloc(&dev, (u64)SIZE_MAX / 16 + 2, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(cqes_alloc(&dev, 1ULL << 63, GFP_KERNEL), -EINVAL);
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	hf_test_device_free(&dev);
}

HF_TEST(dma, array_is_gone_after_its_drop)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 4);
	const dma_addr_t at = cqes_addr(&a);
	u8 byte = 0;

	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 1);
	HF_EXPECT_EQ(hf_test_device_read(&dev, at, &byte, 1), 0);
	cqes_drop(&a);
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	HF_EXPECT_EQ(hf_test_device_read(&dev, at, &byte, 1), -EFAULT);
	HF_EXPECT_EQ(hf_test_device_write(&dev, at, &byte, 1), -EFAULT);
	/* A second drop does nothing. */
	cqes_drop(&a);
	/* A new array does not get the old address. */
	a = cqes_new(&dev, 4);
	HF_EXPECT_NE(cqes_addr(&a), at);
	HF_EXPECT_EQ(hf_test_device_read(&dev, at, &byte, 1), -EFAULT);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, device_sees_what_is_written)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 4);
	struct cqe seen;

	for (u16 i = 0; i < 4; i++) {
		const struct cqe c = cqe(0x10203040U * i, i, (u16)(100 + i));

		if (i % 2)
			cqes_write(&a, i, c);
		else
			cqes_write_from(&a, i, &c);
	}
	for (u16 i = 0; i < 4; i++) {
		HF_EXPECT_EQ(hf_test_device_read(&dev, cqes_addr(&a) + i * sizeof(seen), &seen,
					 sizeof(seen)), 0);
		HF_EXPECT(cqe_is(seen, 0x10203040U * i, i, (u16)(100 + i)));
	}
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, read_gives_what_the_device_wrote)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 4);

	for (u16 i = 0; i < 4; i++) {
		struct cqe c = cqe(0x01020304U * i, i, 7);

		HF_EXPECT_EQ(hf_test_device_write(&dev, cqes_addr(&a) + i * sizeof(c), &c, sizeof(c)), 0);
	}
	for (u16 i = 0; i < 4; i++)
		HF_EXPECT(cqe_is(cqes_read(&a, i), 0x01020304U * i, i, 7));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, read_is_a_copy)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 1);
	struct cqe copy, later = cqe(2, 2, 2);

	cqes_write(&a, 0, cqe(1, 1, 1));
	copy = cqes_read(&a, 0);
	HF_EXPECT_EQ(hf_test_device_write(&dev, cqes_addr(&a), &later, sizeof(later)), 0);
	HF_EXPECT(cqe_is(copy, 1, 1, 1));
	HF_EXPECT(cqe_is(cqes_read(&a, 0), 2, 2, 2));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

static int read_if(const struct cqes *a, u64 i, u64 gate, u32 mask, u32 want, struct cqe *c)
{
	*c = hf_try(cqes_read_if(a, i, gate, mask, want));
	return 0;
}

HF_TEST(dma, read_if_waits_for_the_wanted_bits)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 2);
	struct cqe c = cqe(9, 9, 9);

	HF_EXPECT_EQ(read_if(&a, 1, GATE, PHASE, PHASE, &c), -EAGAIN);
	HF_EXPECT(cqe_is(c, 9, 9, 9));
	cqes_write(&a, 1, cqe(5, 6, 0x0001));
	HF_EXPECT_EQ(read_if(&a, 1, GATE, PHASE, 0, &c), -EAGAIN);
	HF_EXPECT_EQ(read_if(&a, 1, GATE, PHASE, PHASE, &c), 0);
	HF_EXPECT(cqe_is(c, 5, 6, 0x0001));
	/* Only the bits in the mask count. */
	cqes_write(&a, 1, cqe(5, 7, 0xfffe));
	HF_EXPECT_EQ(read_if(&a, 1, GATE, PHASE, PHASE, &c), -EAGAIN);
	HF_EXPECT_EQ(read_if(&a, 1, GATE, PHASE, 0, &c), 0);
	HF_EXPECT(cqe_is(c, 5, 7, 0xfffe));
	/* Element 0 was not written. */
	HF_EXPECT_EQ(read_if(&a, 0, GATE, ~0U, 0, &c), 0);
	HF_EXPECT(cqe_is(c, 0, 0, 0));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, gate_may_be_any_word_and_several_bits)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 1);
	struct cqe c;

	cqes_write(&a, 0, cqe(0x11223344, 0x5566, 0x7788));
	HF_EXPECT_EQ(read_if(&a, 0, 0, ~0U, 0x11223344, &c), 0);
	HF_EXPECT_EQ(read_if(&a, 0, 0, ~0U, 0x11223345, &c), -EAGAIN);
	HF_EXPECT_EQ(read_if(&a, 0, 4, ~0U, 0, &c), 0);
	HF_EXPECT_EQ(read_if(&a, 0, 8, 1, 1, &c), -EAGAIN);
	HF_EXPECT_EQ(read_if(&a, 0, 12, 0x00ff00ff, 0x00880066, &c), 0);
	HF_EXPECT(cqe_is(c, 0x11223344, 0x5566, 0x7788));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, index_outside_is_a_violation)
{
	/* Truncated to a 32-bit size_t, the last ones would be inside. */
	static const u64 outside[] = { 4, 5, SIZE_MAX, SIZE_MAX / sizeof(struct cqe) + 1, 1ULL << 32,
				       (1ULL << 32) + 3, ~0ULL << 32 };
	struct hf_device dev = device_new();
	static struct cqes a;
	static struct cqe c;

	a = cqes_new(&dev, 4);
	c = cqe(9, 9, 9);
	for (size_t i = 0; i < HF_TEST_COUNT(outside); i++) {
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			c = cqes_read(&a, outside[i]);
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			cqes_write(&a, outside[i], c);
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			(void)read_if(&a, outside[i], GATE, 0, 0, &c);
		}
	}
	HF_EXPECT(cqe_is(c, 9, 9, 9));
	cqes_drop(&a);
	/* Every index is outside an array that was dropped. */
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		c = cqes_read(&a, 0);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, gate_outside_is_a_violation)
{
	static const u64 outside[] = { 16, 13, 14, 2, 1, SIZE_MAX, SIZE_MAX - 3, 1ULL << 32,
				       (1ULL << 32) + GATE };
	struct hf_device dev = device_new();
	static struct cqes a;
	static struct cqe c;

	a = cqes_new(&dev, 4);
	for (size_t i = 0; i < HF_TEST_COUNT(outside); i++)
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			(void)read_if(&a, 0, outside[i], 0, 0, &c);
		}
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, try_write_outside_is_an_error)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 2);

	HF_EXPECT_EQ(cqes_try_write(&a, 1, cqe(5, 6, 7)), 0);
	HF_EXPECT(cqe_is(cqes_read(&a, 1), 5, 6, 7));
	HF_EXPECT_EQ(cqes_try_write(&a, 2, cqe(1, 1, 1)), -ERANGE);
	HF_EXPECT_EQ(cqes_try_write(&a, SIZE_MAX, cqe(1, 1, 1)), -ERANGE);
	HF_EXPECT_EQ(cqes_try_write(&a, 1ULL << 32, cqe(1, 1, 1)), -ERANGE);
	HF_EXPECT(cqe_is(cqes_read(&a, 0), 0, 0, 0));
	cqes_drop(&a);
	HF_EXPECT_EQ(cqes_try_write(&a, 0, cqe(1, 1, 1)), -ERANGE);
	hf_test_device_free(&dev);
}

/* --- rings -------------------------------------------------------------------------------------- */

static int ring_read_if(const struct cqes *a, u32 *at, u32 mask, u32 want, struct cqe *c)
{
	*c = hf_try(cqes_ring_read_if(a, at, GATE, mask, want));
	return 0;
}

HF_TEST(dma, ring_turns_round_behind_the_last)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 3);
	u32 head = 0, tail = 0;
	struct cqe c;

	for (u16 i = 0; i < 7; i++) {
		c = cqe(i, i, 7);
		cqes_ring_write(&a, &tail, &c);
		HF_EXPECT_EQ(tail, (i + 1U) % 3);
		HF_EXPECT(cqe_is(cqes_read(&a, i % 3U), i, i, 7));
		HF_EXPECT_EQ(ring_read_if(&a, &head, 0, 0, &c), 0);
		HF_EXPECT_EQ(head, tail);
		HF_EXPECT(cqe_is(c, i, i, 7));
	}
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, ring_of_one_stays_where_it_is)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 1);
	struct cqe c = cqe(1, 2, 3);
	u32 at = 0;

	cqes_ring_write(&a, &at, &c);
	HF_EXPECT_EQ(at, 0);
	HF_EXPECT_EQ(ring_read_if(&a, &at, 0, 0, &c), 0);
	HF_EXPECT_EQ(at, 0);
	HF_EXPECT(cqe_is(c, 1, 2, 3));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, ring_waits_at_a_closed_gate)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 2);
	struct cqe c = cqe(9, 9, 9);
	u32 at = 1;

	HF_EXPECT_EQ(ring_read_if(&a, &at, PHASE, PHASE, &c), -EAGAIN);
	HF_EXPECT_EQ(at, 1);
	HF_EXPECT(cqe_is(c, 9, 9, 9));
	cqes_write(&a, 1, cqe(1, 2, 0x0001));
	HF_EXPECT_EQ(ring_read_if(&a, &at, PHASE, PHASE, &c), 0);
	HF_EXPECT_EQ(at, 0);
	HF_EXPECT(cqe_is(c, 1, 2, 0x0001));
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, ring_index_outside_is_a_violation)
{
	static const u32 outside[] = { 4, 5, 0x7fffffff, 0xffffffff };
	struct hf_device dev = device_new();
	static struct cqes a;
	static struct cqe c;
	static u32 at;

	a = cqes_new(&dev, 4);
	c = cqe(9, 9, 9);
	for (size_t i = 0; i < HF_TEST_COUNT(outside); i++) {
		at = outside[i];
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			cqes_ring_write(&a, &at, &c);
		}
		HF_EXPECT_VIOLATION(HF_BOUNDS) {
			(void)ring_read_if(&a, &at, 0, 0, &c);
		}
		HF_EXPECT_EQ(at, outside[i]);
	}
	HF_EXPECT(cqe_is(c, 9, 9, 9));
	cqes_drop(&a);
	/* Every index is outside an array that was dropped. */
	at = 0;
	HF_EXPECT_VIOLATION(HF_BOUNDS) {
		cqes_ring_write(&a, &at, &c);
	}
	hf_test_device_free(&dev);
}

/* --- parts -------------------------------------------------------------------------------------- */

static int sub(const struct cqes *a, u64 from, u64 n, struct cqes *part)
{
	*part = hf_try(cqes_subarray(a, from, n));
	return 0;
}

HF_TEST(dma, part_is_the_same_elements)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 5), part;

	HF_EXPECT_EQ(cqes_len(&a), 5);
	HF_EXPECT_EQ(sub(&a, 2, 3, &part), 0);
	HF_EXPECT_EQ(cqes_len(&part), 3);
	HF_EXPECT_EQ(cqes_addr(&part), cqes_addr(&a) + 2 * sizeof(struct cqe));
	for (size_t i = 0; i < cqes_len(&part); i++)
		cqes_write(&part, i, cqe(1, 1, (u16)i));
	for (size_t i = 0; i < 5; i++)
		HF_EXPECT(i < 2 ? cqe_is(cqes_read(&a, i), 0, 0, 0)
				: cqe_is(cqes_read(&a, i), 1, 1, (u16)(i - 2)));
	HF_EXPECT_EQ(cqes_try_write(&part, 3, cqe(1, 1, 1)), -ERANGE);
	/* A part owns nothing: the mapping stays. */
	cqes_drop(&part);
	HF_EXPECT_EQ(cqes_len(&part), 0);
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 1);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, part_outside_is_an_error)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 4), part;

	HF_EXPECT_EQ(sub(&a, 4, 0, &part), 0);
	HF_EXPECT_EQ(cqes_len(&part), 0);
	HF_EXPECT_EQ(sub(&a, 0, 5, &part), -ERANGE);
	HF_EXPECT_EQ(sub(&a, 4, 1, &part), -ERANGE);
	HF_EXPECT_EQ(sub(&a, 5, 0, &part), -ERANGE);
	/* from + n wraps, or does not fit 32 bits. */
	HF_EXPECT_EQ(sub(&a, 2, SIZE_MAX, &part), -ERANGE);
	HF_EXPECT_EQ(sub(&a, SIZE_MAX, 1, &part), -ERANGE);
	HF_EXPECT_EQ(sub(&a, 1ULL << 32, 1, &part), -ERANGE);
	HF_EXPECT_EQ(sub(&a, 0, (1ULL << 32) + 1, &part), -ERANGE);
	cqes_drop(&a);
	HF_EXPECT_EQ(sub(&a, 0, 0, &part), 0);
	HF_EXPECT_EQ(sub(&a, 0, 1, &part), -ERANGE);
	hf_test_device_free(&dev);
}

/* --- each word once --------------------------------------------------------------------------- */

/* Each word of the element was accessed once since accesses_n was set to 0. */
static void expect_each_word_once(const void *element, size_t words, size_t width)
{
	HF_EXPECT_EQ(accesses_n, words);
	for (size_t i = 0; i < words; i++) {
		const char *word = (const char *)element + i * width;
		int n = 0;

		for (size_t k = 0; k < accesses_n && k < HF_TEST_COUNT(accesses); k++)
			n += accesses[k] == word;
		HF_EXPECT_EQ(n, 1);
	}
}

HF_TEST(dma, read_reads_each_word_once)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 3);
	const char *memory = hf_test_device_sees(&dev, cqes_addr(&a), 1, HF_TEST_DEVICE_READS);

	cqes_write(&a, 1, cqe(1, 2, 3));
	accesses_n = 0;
	HF_EXPECT(cqe_is(cqes_read(&a, 1), 1, 2, 3));
	expect_each_word_once(memory + sizeof(struct cqe), 4, 4);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, write_writes_each_word_once)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 3);
	const char *memory = hf_test_device_sees(&dev, cqes_addr(&a), 1, HF_TEST_DEVICE_READS);

	accesses_n = 0;
	cqes_write(&a, 2, cqe(1, 2, 3));
	expect_each_word_once(memory + 2 * sizeof(struct cqe), 2, 8);
	accesses_n = 0;
	HF_EXPECT_EQ(cqes_try_write(&a, 0, cqe(1, 2, 3)), 0);
	expect_each_word_once(memory, 2, 8);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

/* Its size and alignment do not suit the widest store. */
struct odd {
	u8 bytes[24];
};

HF_DMA_DEFINE(odds, struct odd);

HF_TEST(dma, write_from_writes_each_word_once_and_no_other)
{
	struct hf_device dev = device_new();
	struct odds a = hf_expect(odds_alloc(&dev, 3, GFP_KERNEL), "there is memory");
	const char *memory = hf_test_device_sees(&dev, odds_addr(&a), 1, HF_TEST_DEVICE_READS);
	struct {
		u8 before;
		struct odd v;
	} from = { .before = 1 };
	const struct odd none = { { 0 } };
	struct odd got;

	for (size_t i = 0; i < sizeof(from.v); i++)
		from.v.bytes[i] = (u8)(i + 1);
	accesses_n = 0;
	odds_write_from(&a, 1, &from.v);
	expect_each_word_once(memory + sizeof(from.v), 3, 8);
	got = odds_read(&a, 1);
	HF_EXPECT(!memcmp(&got, &from.v, sizeof(got)));
	for (size_t i = 0; i < 3; i += 2) {
		got = odds_read(&a, i);
		HF_EXPECT(!memcmp(&got, &none, sizeof(got)));
	}
	odds_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, read_if_reads_the_gate_first_and_each_word_once)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 3);
	const char *memory = hf_test_device_sees(&dev, cqes_addr(&a), 1, HF_TEST_DEVICE_READS);

	for (size_t gate = 0; gate < 16; gate += 4) {
		struct cqe c;

		accesses_n = 0;
		HF_EXPECT_EQ(read_if(&a, 1, gate, ~0U, 0, &c), 0);
		HF_EXPECT_PTR_EQ(accesses[0], memory + sizeof(c) + gate);
		expect_each_word_once(memory + sizeof(c), 4, 4);
	}
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, read_if_reads_only_the_gate_while_it_is_closed)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 3);
	const char *memory = hf_test_device_sees(&dev, cqes_addr(&a), 1, HF_TEST_DEVICE_READS);
	struct cqe c;

	accesses_n = 0;
	HF_EXPECT_EQ(read_if(&a, 1, GATE, PHASE, PHASE, &c), -EAGAIN);
	HF_EXPECT_EQ(accesses_n, 1);
	HF_EXPECT_PTR_EQ(accesses[0], memory + sizeof(c) + GATE);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

/* The device changes the word right after it was read. */
HF_TEST(dma, what_was_checked_is_what_is_used)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 1);
	struct cqe c;

	cqes_write(&a, 0, cqe(1, 2, 0x0001));
	change_after = (dma_word *)hf_test_device_sees(&dev, cqes_addr(&a) + GATE, 4, HF_TEST_DEVICE_WRITES);
	HF_EXPECT_EQ(read_if(&a, 0, GATE, PHASE, PHASE, &c), 0);
	HF_EXPECT(cqe_is(c, 1, 2, 0x0001));
	HF_EXPECT_EQ(read_if(&a, 0, GATE, PHASE, PHASE, &c), -EAGAIN);
	change_after = NULL;
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

/* --- bytes ------------------------------------------------------------------------------------ */

/* Bytes of the process that begin at an odd address. */
struct unaligned {
	u8 before, bytes[40], behind;
};

static struct u8_slice part_of(struct unaligned *u, size_t n)
{
	return hf_expect(hf_array_subslice(u8_slice, u->bytes, 0, n), "it is inside");
}

HF_TEST(dma, bytes_are_those_that_the_device_sees)
{
	struct hf_device dev = device_new();

	for (size_t n = 0; n <= 40; n++) {
		struct cqes a = cqes_new(&dev, 4);
		struct unaligned from = { .before = 9 }, to = { .behind = 9 };
		u8 seen[64];

		for (u8 i = 0; i < 40; i++)
			from.bytes[i] = i + 1;
		HF_EXPECT_EQ(cqes_write_bytes(&a, 1, hf_const(part_of(&from, n))), 0);
		HF_EXPECT_EQ(hf_test_device_read(&dev, cqes_addr(&a), seen, sizeof(seen)), 0);
		for (size_t i = 0; i < sizeof(seen); i++)
			HF_EXPECT_EQ(seen[i], i >= 16 && i < 16 + n ? i - 15 : 0);
		HF_EXPECT_EQ(cqes_read_bytes(&a, 1, part_of(&to, n)), 0);
		for (size_t i = 0; i < 40; i++)
			HF_EXPECT_EQ(to.bytes[i], i < n ? i + 1 : 0);
		HF_EXPECT_EQ(to.before + to.behind, 9);
		cqes_drop(&a);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, bytes_behind_the_last_one_stay)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 2);
	struct unaligned from = { .before = 0 };
	u8 seen[16];

	for (size_t n = 0; n <= 16; n++) {
		cqes_write(&a, 0, cqe(~0U, 0xffff, 0xffff));
		HF_EXPECT_EQ(cqes_write_bytes(&a, 0, hf_const(part_of(&from, n))), 0);
		HF_EXPECT_EQ(hf_test_device_read(&dev, cqes_addr(&a), seen, sizeof(seen)), 0);
		for (size_t i = 0; i < sizeof(seen); i++)
			HF_EXPECT_EQ(seen[i], i < n || (i >= 4 && i < 12) ? 0 : 0xff);
	}
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

HF_TEST(dma, bytes_outside_are_an_error)
{
	static const u64 outside[] = { 3, SIZE_MAX, SIZE_MAX / sizeof(struct cqe) + 1, 1ULL << 32, (1ULL << 32) + 1 };
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 2);
	struct unaligned u = { .before = 0 };
	u8 seen[32];

	memset(u.bytes, 9, sizeof(u.bytes));
	for (size_t i = 0; i < HF_TEST_COUNT(outside); i++) {
		HF_EXPECT_EQ(cqes_write_bytes(&a, outside[i], hf_const(part_of(&u, 1))), -ERANGE);
		HF_EXPECT_EQ(cqes_read_bytes(&a, outside[i], part_of(&u, 1)), -ERANGE);
		HF_EXPECT_EQ(cqes_read_bytes(&a, outside[i], part_of(&u, 0)), -ERANGE);
	}
	HF_EXPECT_EQ(cqes_write_bytes(&a, 0, hf_const(part_of(&u, 33))), -ERANGE);
	HF_EXPECT_EQ(cqes_write_bytes(&a, 1, hf_const(part_of(&u, 17))), -ERANGE);
	HF_EXPECT_EQ(cqes_write_bytes(&a, 2, hf_const(part_of(&u, 1))), -ERANGE);
	HF_EXPECT_EQ(cqes_read_bytes(&a, 0, part_of(&u, 33)), -ERANGE);
	HF_EXPECT_EQ(cqes_read_bytes(&a, 1, part_of(&u, 17)), -ERANGE);
	/* No bytes are everywhere, also behind the last element. */
	HF_EXPECT_EQ(cqes_write_bytes(&a, 2, hf_const(part_of(&u, 0))), 0);
	HF_EXPECT_EQ(cqes_read_bytes(&a, 2, part_of(&u, 0)), 0);
	HF_EXPECT_EQ(hf_test_device_read(&dev, cqes_addr(&a), seen, sizeof(seen)), 0);
	for (size_t i = 0; i < sizeof(seen); i++)
		HF_EXPECT_EQ(seen[i], 0);
	for (size_t i = 0; i < sizeof(u.bytes); i++)
		HF_EXPECT_EQ(u.bytes[i], 9);
	cqes_drop(&a);
	HF_EXPECT_EQ(cqes_read_bytes(&a, 0, part_of(&u, 1)), -ERANGE);
	HF_EXPECT_EQ(cqes_write_bytes(&a, 0, hf_const(part_of(&u, 1))), -ERANGE);
	hf_test_device_free(&dev);
}

HF_TEST(dma, bytes_are_accessed_once)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, 2);
	struct unaligned u = { .before = 0 };
	char *memory = hf_test_device_sees(&dev, cqes_addr(&a), 1, HF_TEST_DEVICE_WRITES);

	/* 11 bytes: the third word is read once and for the whole of it. */
	accesses_n = 0;
	HF_EXPECT_EQ(cqes_read_bytes(&a, 1, part_of(&u, 11)), 0);
	expect_each_word_once(memory + 16, 3, 4);
	/* One word of 8 bytes, and 3 bytes. */
	accesses_n = 0;
	HF_EXPECT_EQ(cqes_write_bytes(&a, 1, hf_const(part_of(&u, 11))), 0);
	HF_EXPECT_EQ(accesses_n, 4);
	HF_EXPECT_PTR_EQ(accesses[0], memory + 16);
	for (size_t i = 0; i < 3; i++)
		HF_EXPECT_PTR_EQ(accesses[1 + i], memory + 24 + i);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

/* Words that are read after the valid bit are at least as new as the valid bit. */
#define ENTRIES	20000u
/* The threads may share a processor with others, where each wait for the other thread takes long: one lap, one wait. */
#define QUEUE	256u

static struct hf_io queue_io;
static u32 consumed;

static u32 phase_of(u32 n)
{
	return n / QUEUE % 2 ? 0 : PHASE;
}

static void produce(void *unused)
{
	(void)unused;
	for (u32 n = 0; n < ENTRIES; n++) {
		const size_t at = n % QUEUE * sizeof(struct cqe);

		while (n - __atomic_load_n(&consumed, __ATOMIC_ACQUIRE) == QUEUE)
			hf_test_yield();
		HF_EXPECT_EQ(hf_io_write32(&queue_io, at, (u32)cpu_to_le32(n)), 0);
		HF_EXPECT_EQ(hf_io_write32(&queue_io, at + 4, (u32)cpu_to_le32(~n)), 0);
		HF_EXPECT_EQ(hf_io_write32(&queue_io, at + GATE, (u32)cpu_to_le32(phase_of(n))), 0);
	}
}

HF_TEST(dma, what_the_gate_vouches_for_is_there)
{
	struct hf_device dev = device_new();
	struct cqes a = cqes_new(&dev, QUEUE);
	struct hf_test_thread thread;

	queue_io = hf_test_io(hf_test_device_sees(&dev, cqes_addr(&a), QUEUE * sizeof(struct cqe),
						  HF_TEST_DEVICE_WRITES), QUEUE * sizeof(struct cqe));
	consumed = 0;
	hf_test_spawn(&thread, produce, NULL);
	for (u32 n = 0; n < ENTRIES; n++) {
		struct cqe c;

		while (read_if(&a, n % QUEUE, GATE, PHASE, phase_of(n), &c))
			hf_test_yield();
		HF_EXPECT(hf_equals(hf_from_le(c.result), n));
		HF_EXPECT(hf_equals(hf_from_le(c.reserved), ~n));
		__atomic_store_n(&consumed, n + 1, __ATOMIC_RELEASE);
	}
	hf_test_join(&thread);
	cqes_drop(&a);
	hf_test_device_free(&dev);
}

/* --- buffers ------------------------------------------------------------------------------------ */

struct extent {
	struct hf_le64 lba;
	struct hf_le32 n, reserved;
};

HF_SLICE_DEFINE(extent, struct extent);
HF_DMA_BUFFER_DEFINE(extent);

static struct u8_buffer_own buffer(size_t n, u8 v)
{
	hf_let(u8_buffer, b, hf_expect(hf_new_buffer(u8, n, GFP_KERNEL), "no failure is injected"));

	hf_fill(u8_buffer_slice(hf_mut(b)), v);
	return hf_move(b);
}

static struct u8_to_device_own to_device(struct u8_buffer_own arg, struct hf_device *dev)
{
	hf_let(u8_buffer, b, arg);

	return hf_expect(u8_map_to_device(hf_move(b), dev, NULL), "no failure is injected");
}

static struct u8_from_device_own from_device(struct u8_buffer_own arg, struct hf_device *dev)
{
	hf_let(u8_buffer, b, arg);

	return hf_expect(u8_map_from_device(hf_move(b), dev, NULL), "no failure is injected");
}

static void expect_filled(const struct u8_buffer *b, size_t n, u8 v)
{
	HF_EXPECT_EQ(hf_len(u8_buffer_cslice(b)), n);
	hf_for_each(byte, u8_buffer_cslice(b))
		HF_EXPECT_EQ(*byte, v);
}

HF_TEST(dma, buffer_is_zeroed_and_written_through_slices)
{
	hf_let(extent_buffer, b, hf_expect(hf_new_buffer(extent, 3, GFP_KERNEL), "no failure is injected"));

	HF_EXPECT_EQ(hf_len(extent_buffer_cslice(hf_ref(b))), 3);
	hf_for_each(r, extent_buffer_cslice(hf_ref(b)))
		HF_EXPECT(hf_equals(hf_from_le(r->lba), 0) && hf_equals(hf_from_le(r->n), 0));
	hf_at(extent_buffer_slice(hf_mut(b)), 2).n = hf_le32(7);
	HF_EXPECT(hf_equals(hf_from_le(hf_at(extent_buffer_cslice(hf_ref(b)), 2).n), 7));
	HF_EXPECT_ERR(hf_get(extent_buffer_cslice(hf_ref(b)), 3), -ERANGE);
}

HF_TEST(dma, buffer_of_a_wrong_size_is_an_error)
{
	HF_EXPECT_ERR(hf_new_buffer(u8, 0, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(hf_new_buffer(extent, 0, GFP_KERNEL), -EINVAL);
	/* The size in bytes wraps, to 0 and to small numbers. */
	HF_EXPECT_ERR(hf_new_buffer(extent, SIZE_MAX / 16 + 1, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(hf_new_buffer(extent, SIZE_MAX / 16 + 2, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(hf_new_buffer(extent, (u64)SIZE_MAX / 16 + 2, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(hf_new_buffer(extent, 1ULL << 63, GFP_KERNEL), -EINVAL);
	HF_EXPECT_ERR(hf_new_buffer(extent, -1, GFP_KERNEL), -EINVAL);
}

HF_TEST(dma, to_device_is_read_by_it)
{
	struct hf_device dev = device_new();
	u8 seen[5] = { 0 };

	{
		hf_let(u8_buffer, b, buffer(5, 0));

		for (u8 i = 0; i < 5; i++)
			hf_at(u8_buffer_slice(hf_mut(b)), i) = i + 1;
		hf_let(u8_to_device, m, to_device(hf_move(b), &dev));

		HF_EXPECT_EQ(hf_test_device_mappings(&dev), 1);
		HF_EXPECT_EQ(hf_dma_size(m), 5);
		HF_EXPECT_EQ(hf_test_device_read(&dev, hf_dma_addr(m), seen, 5), 0);
		hf_let(u8_buffer, back, u8_unmap_to_device(hf_move(m)));

		HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
		for (u8 i = 0; i < 5; i++)
			HF_EXPECT(seen[i] == i + 1 && hf_at(u8_buffer_cslice(hf_ref(back)), i) == i + 1);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, to_device_is_not_written_by_it)
{
	struct hf_device dev = device_new();
	u8 junk[4] = { 9, 9, 9, 9 };

	{
		hf_let(u8_to_device, m, to_device(buffer(4, 1), &dev));
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m), junk, 4), -EFAULT);
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m) + 3, junk, 1), -EFAULT);
		hf_let(u8_buffer, back, u8_unmap_to_device(hf_move(m)));
		expect_filled(hf_ref(back), 4, 1);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, from_device_comes_back_with_what_it_wrote)
{
	struct hf_device dev = device_new();
	u8 data[4] = { 5, 6, 7, 8 };

	{
		hf_let(u8_from_device, m, from_device(buffer(6, 0), &dev));
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m) + 1, data, 4), 0);
		hf_let(u8_buffer, back, u8_unmap_from_device(hf_move(m)));
		const struct u8_cslice got = u8_buffer_cslice(hf_ref(back));

		HF_ASSERT(hf_len(got) == 6);
		for (u8 i = 0; i < 4; i++)
			HF_EXPECT_EQ(hf_at(got, i + 1U), i + 5);
		HF_EXPECT_EQ(hf_at(got, 0) + hf_at(got, 5), 0);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, from_device_is_not_read_by_it)
{
	struct hf_device dev = device_new();
	u8 seen[4] = { 0 };

	{
		hf_let(u8_from_device, secret, from_device(buffer(4, 1), &dev));
		HF_EXPECT_EQ(hf_test_device_read(&dev, hf_dma_addr(secret), seen, 4), -EFAULT);
		HF_EXPECT_EQ(seen[0] + seen[3], 0);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, device_keeps_to_the_part)
{
	struct hf_device dev = device_new();
	u8 junk[32] = { 0 };

	memset(junk, 9, sizeof(junk));
	{
		hf_let(u8_buffer, b, buffer(16, 0));
		const u8 *const p = &hf_at(u8_buffer_cslice(hf_ref(b)), 0);
		hf_let(u8_from_device, m, hf_expect(u8_map_part_from_device(hf_move(b), &dev, 4, 8, NULL),
						    "no failure is injected"));

		HF_EXPECT_EQ(hf_dma_size(m), 8);
		/* SAFETY: only the address counts. */
		HF_EXPECT_PTR_EQ(hf_test_device_sees(&dev, hf_dma_addr(m), 8, HF_TEST_DEVICE_WRITES), p + 4);
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m), junk, 9), -EFAULT);
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m) + 8, junk, 1), -EFAULT);
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m) - 1, junk, 1), -EFAULT);
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m), junk, SIZE_MAX), -EFAULT);
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr(m), junk, 8), 0);
		/* All of it comes back, and a part can be handed over again. */
		hf_let(u8_buffer, back, u8_unmap_from_device(hf_move(m)));

		HF_EXPECT_EQ(hf_len(u8_buffer_cslice(hf_ref(back))), 16);
		for (u8 i = 0; i < 16; i++)
			HF_EXPECT_EQ(hf_at(u8_buffer_cslice(hf_ref(back)), i), i >= 4 && i < 12 ? 9 : 0);
	}
	{
		hf_let(extent_buffer, b, hf_expect(hf_new_buffer(extent, 4, GFP_KERNEL), "no failure is injected"));
		hf_let(extent_to_device, m, hf_expect(extent_map_part_to_device(hf_move(b), &dev, 3, 1, NULL),
						     "no failure is injected"));
		HF_EXPECT_EQ(hf_dma_size(m), sizeof(struct extent));
		HF_EXPECT_EQ(hf_test_device_read(&dev, hf_dma_addr(m), junk, 16), 0);
		HF_EXPECT_EQ(hf_test_device_read(&dev, hf_dma_addr(m), junk, 17), -EFAULT);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, part_that_is_not_there_is_an_error)
{
	static const struct {
		u64 from, n;
		int err;
	} parts[] = {
		{ 4, 1, -ERANGE }, { 0, 5, -ERANGE }, { 5, 0, -ERANGE }, { 2, SIZE_MAX, -ERANGE },
		{ SIZE_MAX, 1, -ERANGE }, { 1ULL << 32, 1, -ERANGE }, { 0, (1ULL << 32) + 1, -ERANGE },
		{ 2, 0, -EINVAL }, { 4, 0, -EINVAL },
	};
	struct hf_device dev = device_new();
	struct extent_buffer_own place = hf_expect(hf_new_buffer(extent, 4, GFP_KERNEL), "no failure is injected");

	for (size_t i = 0; i < HF_TEST_COUNT(parts); i++) {
		HF_EXPECT_ERR(extent_map_part_to_device(hf_take((place)), &dev, parts[i].from, parts[i].n, &place),
			      parts[i].err);
		HF_EXPECT_ERR(extent_map_part_from_device(hf_take((place)), &dev, parts[i].from, parts[i].n, &place),
			      parts[i].err);
	}
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	HF_EXPECT_EQ(hf_len(extent_buffer_cslice(hf_ref((place)))), 4);
	extent_buffer_own_drop(&place);
	hf_test_device_free(&dev);
}

HF_TEST(dma, buffer_has_an_address_of_its_own)
{
	struct hf_device dev = device_new();

	{
		hf_let(u8_buffer, b, buffer(4, 1));
		const u8 *const p = &hf_at(u8_buffer_cslice(hf_ref(b)), 0);
		hf_let(u8_to_device, m, to_device(hf_move(b), &dev));
		hf_let(u8_to_device, n, to_device(buffer(4, 2), &dev));

		/* SAFETY: only the address counts. */
		HF_EXPECT_NE(hf_dma_addr(m), (dma_addr_t)(unsigned long)p);
		HF_EXPECT_NE(hf_dma_addr(m), hf_dma_addr(n));
		HF_EXPECT_PTR_EQ(hf_test_device_sees(&dev, hf_dma_addr(m), 4, HF_TEST_DEVICE_READS), p);
		hf_drop(u8_to_device, n);
		HF_EXPECT_PTR_EQ(hf_test_device_sees(&dev, hf_dma_addr(m), 4, HF_TEST_DEVICE_READS), p);
	}
	hf_test_device_free(&dev);
}

/* The device that goes on after the end of a mapping, whatever ended it and whatever was mapped since. */
HF_TEST(dma, device_loses_the_buffer_with_the_mapping)
{
	struct hf_device dev = device_new();
	u8 junk[4] = { 9, 9, 9, 9 };
	dma_addr_t at, other;

	{
		hf_let(u8_from_device, in, from_device(buffer(4, 0), &dev));

		at = hf_dma_addr(in);
		hf_let(u8_buffer, back, u8_unmap_from_device(hf_move(in)));
		HF_EXPECT_EQ(hf_test_device_write(&dev, at, junk, 4), -EFAULT);
		expect_filled(hf_ref(back), 4, 0);
		hf_let(u8_to_device, out, to_device(hf_move(back), &dev));
		/* The new mapping does not revive the old address. */
		HF_EXPECT_EQ(hf_test_device_write(&dev, at, junk, 4), -EFAULT);
		HF_EXPECT_EQ(hf_test_device_read(&dev, at, junk, 4), -EFAULT);
		other = hf_dma_addr(out);
		HF_EXPECT_EQ(hf_test_device_read(&dev, other, junk, 4), 0);
	}
	/* The drop unmapped. */
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	HF_EXPECT_EQ(hf_test_device_read(&dev, other, junk, 4), -EFAULT);
	{
		hf_let(u8_from_device, in, from_device(buffer(4, 0), &dev));
		at = hf_dma_addr(in);
	}
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	HF_EXPECT_EQ(hf_test_device_write(&dev, at, junk, 4), -EFAULT);
	hf_test_device_free(&dev);
}

HF_TEST(dma, buffer_goes_to_and_fro)
{
	struct hf_device dev = device_new();
	struct u8_buffer_own cpu = buffer(8, 0);
	struct u8_to_device_own out = hf_empty(u8_to_device_own);
	struct u8_from_device_own in = hf_empty(u8_from_device_own);

	for (u8 i = 1; i < 5; i++) {
		u8 seen[8], answer[8];

		hf_fill(u8_buffer_slice(hf_mut((cpu))), i);
		HF_EXPECT_EQ(hf_set_ok((out), u8_map_to_device(hf_take((cpu)), &dev, &cpu)), 0);
		HF_EXPECT(hf_is_empty((cpu)));
		HF_EXPECT_EQ(hf_test_device_read(&dev, hf_dma_addr((out)), seen, 8), 0);
		HF_EXPECT_EQ(seen[0] + seen[7], 2 * i);
		hf_set((cpu), u8_unmap_to_device(hf_take((out))));
		HF_EXPECT_EQ(hf_set_ok((in), u8_map_from_device(hf_take((cpu)), &dev, &cpu)), 0);
		memset(answer, 100 + i, sizeof(answer));
		HF_EXPECT_EQ(hf_test_device_write(&dev, hf_dma_addr((in)), answer, 8), 0);
		hf_set((cpu), u8_unmap_from_device(hf_take((in))));
		expect_filled(hf_ref((cpu)), 8, 100 + i);
	}
	u8_buffer_own_drop(&cpu);
	hf_test_device_free(&dev);
}

HF_TEST(dma, what_owns_no_buffer_is_a_violation)
{
	struct hf_device dev = device_new();
	static struct u8_buffer_own b;
	static struct u8_to_device_own out;
	static struct u8_from_device_own in;
	static dma_addr_t at;

	HF_EXPECT_VIOLATION(HF_MOVED) {
		(void)hf_errno(u8_map_to_device(hf_take((b)), &dev, NULL));
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		(void)hf_errno(u8_map_from_device(hf_take((b)), &dev, NULL));
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_set((b), u8_unmap_to_device(hf_take((out))));
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_set((b), u8_unmap_from_device(hf_take((in))));
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		at = hf_dma_addr((in));
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		at = hf_dma_size((out));
	}
	HF_EXPECT_EQ(at, 0);
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	hf_test_device_free(&dev);
}

/* --- no memory ---------------------------------------------------------------------------------- */

static int array_and_buffers(void *arg)
{
	struct hf_device *dev = arg;
	hf_let(u8_buffer, b, hf_try(hf_new_buffer(u8, 4, GFP_KERNEL)));
	hf_let(u8_from_device, in, hf_try(u8_map_from_device(hf_move(b), dev, NULL)));
	hf_let(extent_buffer, r, hf_try(hf_new_buffer(extent, 4, GFP_KERNEL)));
	hf_let(extent_to_device, out, hf_try(extent_map_to_device(hf_move(r), dev, NULL)));
	struct cqes a = hf_try(cqes_alloc(dev, 100, GFP_KERNEL));

	cqes_drop(&a);
	return 0;
}

static int on_a_new_device(void *unused)
{
	struct hf_device dev = hf_test_device_new();
	int err;

	(void)unused;
	if (!hf_test_device_is(&dev))
		return -ENOMEM;
	err = array_and_buffers(&dev);
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	hf_test_device_free(&dev);
	return err;
}

HF_TEST(dma, every_allocation_may_fail)
{
	/* Two of each buffer, one of the array, one at least of the IOMMU. */
	HF_EXPECT(hf_test_fail_each_alloc(on_a_new_device, NULL) >= 6);
}

HF_TEST(dma, buffer_that_was_not_mapped_comes_back)
{
	struct hf_device dev = device_new();
	struct u8_buffer_own place = buffer(4, 7);

	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(u8_map_from_device(hf_take((place)), &dev, &place), -ENOMEM);
	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(u8_map_to_device(hf_take((place)), &dev, &place), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	expect_filled(hf_ref((place)), 4, 7);
	{
		hf_let(u8_to_device, m, to_device(hf_take((place)), &dev));
		HF_EXPECT_EQ(hf_test_device_mappings(&dev), 1);
		HF_EXPECT_EQ(hf_dma_size(m), 4);
	}
	hf_test_device_free(&dev);
}

/* The harness sees it if one is not freed. */
HF_TEST(dma, buffer_that_was_not_mapped_is_dropped)
{
	struct hf_device dev = device_new();

	{
		hf_let(u8_buffer, a, buffer(4, 7));
		hf_let(u8_buffer, b, buffer(4, 7));

		hf_test_fail_alloc(1);
		HF_EXPECT_ERR(u8_map_from_device(hf_move(a), &dev, NULL), -ENOMEM);
		hf_test_fail_alloc(1);
		HF_EXPECT_ERR(u8_map_to_device(hf_move(b), &dev, NULL), -ENOMEM);
		hf_test_fail_alloc(0);
	}
	HF_EXPECT_EQ(hf_test_device_mappings(&dev), 0);
	hf_test_device_free(&dev);
}

/* A variable's own: the question whether it is empty makes it usable again. */
HF_TEST(dma, buffer_that_was_not_mapped_comes_back_to_its_variable)
{
	struct hf_device dev = device_new();
	int err;

	{
		hf_let(u8_buffer, b, buffer(4, 7));

		hf_test_fail_alloc(1);
		err = hf_errno(u8_map_from_device(hf_move(b), &dev, &b));
		hf_test_fail_alloc(0);
		HF_EXPECT_EQ(err, -ENOMEM);
		HF_ASSERT(!hf_is_empty(b));
		expect_filled(hf_ref(b), 4, 7);
	}
	hf_test_device_free(&dev);
}

HF_TEST(dma, place_for_what_was_not_mapped_must_be_empty)
{
	struct hf_device dev = device_new();
	static struct u8_buffer_own place, other;
	static struct u8_buffer *lost;

	hf_set((other), buffer(4, 2));
	HF_EXPECT_VIOLATION(HF_LEAK) {
		hf_set((place), buffer(4, 1));
		lost = hf_mut((place));
		(void)hf_errno(u8_map_part_to_device(hf_take((place)), &dev, 5, 1, &other));
	}
	expect_filled(hf_ref((other)), 4, 2);
	u8_buffer_own_drop(&other);
	if (lost) {
		/* SAFETY: the violation left the function that had it. */
		hf_let(u8_buffer, found, hf_adopt_unchecked(u8_buffer, lost));
		expect_filled(hf_ref(found), 4, 1);
	}
	hf_test_device_free(&dev);
}
