// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* mmio.h: register windows over memory and over a device model. */
#include <holdfast/mmio.h>

#include "harness.h"

#define WINDOW 0x40

HF_MMIO_DEFINE(regs, WINDOW);
HF_REG_RO(regs, cap, 0x00, u64);
HF_REG_RW(regs, cc, 0x14, u32);
HF_REG_RW(regs, vs, 0x1a, u16);
HF_REG_RW(regs, latch, 0x1d, u8);
HF_REG_RW(regs, asq, 0x28, u64);
HF_REG_WO(regs, doorbell, WINDOW - 4, u32);

/* --- the two kinds of windows ----------------------------------------------------------------- */

static union {
	u8 bytes[WINDOW + 16];
	u32 words[(WINDOW + 16) / 4];
	u64 longs[(WINDOW + 16) / 8];
} memory;

static struct hf_io memory_io(size_t len)
{
	memset(&memory, 0, sizeof(memory));
	return hf_test_io(&memory, len);
}

/* A device that records the accesses; where the mode has no device models, plain memory. */
static struct model {
	int reads, writes;
	size_t offset;
	unsigned int width;
	u64 value;
} model;

#ifdef HF_TEST_IO_MODEL
static u64 model_read(void *ctx, size_t offset, unsigned int width)
{
	struct model *m = ctx;

	m->reads++;
	m->offset = offset;
	m->width = width;
	return m->value;
}

static void model_write(void *ctx, size_t offset, unsigned int width, u64 value)
{
	struct model *m = ctx;

	m->writes++;
	m->offset = offset;
	m->width = width;
	m->value = value;
}

static struct hf_io model_io(size_t len)
{
	static const struct hf_user_io_ops ops = { .read = model_read, .write = model_write };

	model = (struct model){ 0 };
	return hf_user_io_model(&ops, &model, len);
}
#else
static struct hf_io model_io(size_t len)
{
	return memory_io(len);
}
#endif

static struct regs map(struct hf_io io)
{
	return hf_expect(regs_map(io), "the window is long enough");
}

/* --- mapping ---------------------------------------------------------------------------------- */

HF_TEST(mmio, map_refuses_a_short_window)
{
	static const struct {
		size_t len;
		int err;
	} table[] = { { 0, -ENODEV }, { 1, -ENODEV }, { WINDOW - 1, -ENODEV }, { WINDOW, 0 },
		      { WINDOW + 1, 0 }, { SIZE_MAX, 0 } };

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++)
		HF_EXPECT_ERR(regs_map(memory_io(table[i].len)), table[i].err);
	HF_EXPECT_ERR(regs_map(model_io(WINDOW - 1)), -ENODEV);
	HF_EXPECT_OK(regs_map(model_io(WINDOW)));
	HF_EXPECT_EQ(model.reads + model.writes, 0);
}

/* --- declared registers ----------------------------------------------------------------------- */

HF_TEST(mmio, writes_the_declared_bytes_of_memory)
{
	const struct regs r = map(memory_io(WINDOW));
	u8 wanted[sizeof(memory)] = { 0 };

	regs_write_cc(&r, 0x11223344);
	memcpy(wanted + 0x14, &(u32){ 0x11223344 }, 4);
	HF_EXPECT_EQ(memcmp(&memory, wanted, sizeof(wanted)), 0);
	regs_write_vs(&r, 0x5566);
	memcpy(wanted + 0x1a, &(u16){ 0x5566 }, 2);
	HF_EXPECT_EQ(memcmp(&memory, wanted, sizeof(wanted)), 0);
	regs_write_latch(&r, 0x77);
	wanted[0x1d] = 0x77;
	HF_EXPECT_EQ(memcmp(&memory, wanted, sizeof(wanted)), 0);
	regs_write_asq(&r, 0x0123456789abcdefULL);
	memcpy(wanted + 0x28, &(u64){ 0x0123456789abcdefULL }, 8);
	HF_EXPECT_EQ(memcmp(&memory, wanted, sizeof(wanted)), 0);
	/* The window's last register. */
	regs_write_doorbell(&r, 0xffffffff);
	memset(wanted + WINDOW - 4, 0xff, 4);
	HF_EXPECT_EQ(memcmp(&memory, wanted, sizeof(wanted)), 0);
}

HF_TEST(mmio, reads_the_declared_bytes_of_memory)
{
	const struct regs r = map(memory_io(WINDOW));

	for (size_t i = 0; i < sizeof(memory); i++)
		memory.bytes[i] = (u8)(0xa0 + i);
	HF_EXPECT_EQ(hf_accept_any(regs_read_cap(&r)), memory.longs[0]);
	HF_EXPECT_EQ(hf_accept_any(regs_read_cc(&r)), memory.words[5]);
	HF_EXPECT_EQ(hf_accept_any(regs_read_latch(&r)), 0xbd);
	HF_EXPECT_EQ(hf_accept_any(regs_read_asq(&r)), memory.longs[5]);
}

HF_TEST(mmio, reads_back_what_was_written)
{
	const struct regs r = map(memory_io(WINDOW));

	regs_write_cc(&r, 0xdeadbeef);
	regs_write_vs(&r, 0xcafe);
	regs_write_latch(&r, 0xff);
	regs_write_asq(&r, ~0ULL);
	HF_EXPECT_EQ(hf_accept_any(regs_read_cc(&r)), 0xdeadbeef);
	HF_EXPECT_EQ(hf_accept_any(regs_read_vs(&r)), 0xcafe);
	HF_EXPECT_EQ(hf_accept_any(regs_read_latch(&r)), 0xff);
	HF_EXPECT_EQ(hf_accept_any(regs_read_asq(&r)), ~0ULL);
}

#ifdef HF_TEST_IO_MODEL
HF_TEST(mmio, model_sees_offset_width_and_value)
{
	const struct regs r = map(model_io(WINDOW));

	regs_write_cc(&r, 0x460001);
	HF_EXPECT_EQ(model.writes, 1);
	HF_EXPECT_EQ(model.offset, 0x14);
	HF_EXPECT_EQ(model.width, 4);
	HF_EXPECT_EQ(model.value, 0x460001);
	regs_write_vs(&r, 0x1234);
	HF_EXPECT_EQ(model.offset, 0x1a);
	HF_EXPECT_EQ(model.width, 2);
	regs_write_latch(&r, 0x12);
	HF_EXPECT_EQ(model.offset, 0x1d);
	HF_EXPECT_EQ(model.width, 1);
	regs_write_asq(&r, 0x123456789aULL);
	HF_EXPECT_EQ(model.offset, 0x28);
	HF_EXPECT_EQ(model.width, 8);
	HF_EXPECT_EQ(model.value, 0x123456789aULL);
	HF_EXPECT_EQ(model.writes, 4);
	HF_EXPECT_EQ(model.reads, 0);

	HF_EXPECT_EQ(hf_accept_any(regs_read_cap(&r)), 0x123456789aULL);
	HF_EXPECT_EQ(model.offset, 0);
	HF_EXPECT_EQ(model.width, 8);
	HF_EXPECT_EQ(hf_accept_any(regs_read_cc(&r)), 0x3456789a);
	HF_EXPECT_EQ(model.offset, 0x14);
	HF_EXPECT_EQ(model.width, 4);
	HF_EXPECT_EQ(model.reads, 2);
	HF_EXPECT_EQ(model.writes, 4);
}
#endif

HF_TEST(mmio, what_is_read_is_untrusted)
{
	const struct regs r = map(memory_io(WINDOW));

	memory.words[5] = 64;
	HF_EXPECT_ERR(hf_below(regs_read_cc(&r), 64), -ERANGE);
	HF_EXPECT_ERR(hf_at_most(regs_read_cc(&r), 64), 0);
	HF_EXPECT(hf_equals(regs_read_cc(&r), 64));
	memory.longs[0] = ~0ULL;
	HF_EXPECT_ERR(hf_in_range(regs_read_cap(&r), 1, 4095), -ERANGE);
	HF_EXPECT(hf_equals(hf_bits(regs_read_cap(&r), 16, 4), 15));
}

/* --- computed offsets ------------------------------------------------------------------------- */

/* Accesses @offset in every width, and expects that only allowed accesses reach the device. */
static void expect_at(const struct hf_io *io, u64 offset, int err8, int err16, int err32,
		      int err64)
{
	const int allowed = !err8 + !err16 + !err32 + !err64;

	model.reads = model.writes = 0;
	HF_EXPECT_ERR(hf_io_read8(io, offset), err8);
	HF_EXPECT_ERR(hf_io_read16(io, offset), err16);
	HF_EXPECT_ERR(hf_io_read32(io, offset), err32);
	HF_EXPECT_ERR(hf_io_read64(io, offset), err64);
	HF_EXPECT_EQ(hf_io_write8(io, offset, 1), err8);
	HF_EXPECT_EQ(hf_io_write16(io, offset, 1), err16);
	HF_EXPECT_EQ(hf_io_write32(io, offset, 1), err32);
	HF_EXPECT_EQ(hf_io_write64(io, offset, 1), err64);
#ifdef HF_TEST_IO_MODEL
	HF_EXPECT_EQ(model.reads, allowed);
	HF_EXPECT_EQ(model.writes, allowed);
#else
	(void)allowed;
#endif
}

HF_TEST(mmio, computed_offsets)
{
	static const struct {
		u64 offset;
		int err[4];
	} table[] = {
		{ 0, { 0, 0, 0, 0 } },
		{ 1, { 0, -EINVAL, -EINVAL, -EINVAL } },
		{ 2, { 0, 0, -EINVAL, -EINVAL } },
		{ 4, { 0, 0, 0, -EINVAL } },
		{ 8, { 0, 0, 0, 0 } },
		/* The last offset of each width, and one beyond it. */
		{ WINDOW - 8, { 0, 0, 0, 0 } },
		{ WINDOW - 4, { 0, 0, 0, -EINVAL } },
		{ WINDOW - 2, { 0, 0, -EINVAL, -EINVAL } },
		{ WINDOW - 1, { 0, -EINVAL, -EINVAL, -EINVAL } },
		{ WINDOW, { -ERANGE, -ERANGE, -ERANGE, -ERANGE } },
		{ WINDOW + 8, { -ERANGE, -ERANGE, -ERANGE, -ERANGE } },
		/* offset + width wraps. */
		{ SIZE_MAX, { -ERANGE, -EINVAL, -EINVAL, -EINVAL } },
		{ SIZE_MAX - 1, { -ERANGE, -ERANGE, -EINVAL, -EINVAL } },
		{ SIZE_MAX - 3, { -ERANGE, -ERANGE, -ERANGE, -EINVAL } },
		{ SIZE_MAX - 7, { -ERANGE, -ERANGE, -ERANGE, -ERANGE } },
		/* Truncated to a 32-bit size_t, these would be inside. */
		{ 1ULL << 32, { -ERANGE, -ERANGE, -ERANGE, -ERANGE } },
		{ (1ULL << 32) + 8, { -ERANGE, -ERANGE, -ERANGE, -ERANGE } },
		{ ~7ULL, { -ERANGE, -ERANGE, -ERANGE, -ERANGE } },
	};
	const struct regs r = map(model_io(WINDOW));

	for (size_t i = 0; i < HF_TEST_COUNT(table); i++)
		/* SAFETY: the private io_ is used to test the functions for untyped windows. */
		expect_at(&r.io_, table[i].offset, table[i].err[0], table[i].err[1],
			  table[i].err[2], table[i].err[3]);
}

HF_TEST(mmio, computed_offset_across_an_odd_end)
{
	/* The window ends inside a word. */
	const struct hf_io io = model_io(WINDOW + 6);

	expect_at(&io, WINDOW, 0, 0, 0, -ERANGE);
	expect_at(&io, WINDOW + 4, 0, 0, -ERANGE, -EINVAL);
	expect_at(&io, WINDOW + 5, 0, -EINVAL, -EINVAL, -EINVAL);
	expect_at(&io, WINDOW + 6, -ERANGE, -ERANGE, -EINVAL, -EINVAL);
}

HF_TEST(mmio, computed_offset_in_an_empty_window)
{
	const struct hf_io io = model_io(0);

	expect_at(&io, 0, -ERANGE, -ERANGE, -ERANGE, -ERANGE);
}

/* The type gives the window's minimum length; computed offsets are checked against the real one. */
HF_TEST(mmio, computed_offset_beyond_the_typed_part)
{
	const struct regs r = map(memory_io(WINDOW + 8));

	HF_EXPECT_EQ(hf_io_write32(&r, hf_test_hide(WINDOW + 4), 0x1234), 0);
	HF_EXPECT_EQ(memory.words[WINDOW / 4 + 1], 0x1234);
	HF_EXPECT_EQ(hf_io_write32(&r, hf_test_hide(WINDOW + 8), 0x1234), -ERANGE);
	HF_EXPECT_EQ(memory.words[WINDOW / 4 + 2], 0);
}

static int read_computed(const struct regs *r, size_t offset, u32 *v)
{
	*v = hf_accept_any(hf_try(hf_io_read32(r, offset)));
	return 0;
}

HF_TEST(mmio, computed_offset_reaches_the_same_register)
{
	const struct regs r = map(memory_io(WINDOW));
	u32 v = 0;

	regs_write_cc(&r, 0x89abcdef);
	HF_EXPECT_EQ(read_computed(&r, 0x14, &v), 0);
	HF_EXPECT_EQ(v, 0x89abcdef);
	HF_EXPECT_EQ(hf_io_write8(&r, 0x14, 0x11), 0);
	HF_EXPECT_EQ(memory.bytes[0x14], 0x11);
	HF_EXPECT_EQ(read_computed(&r, 0x16, &v), -EINVAL);
	HF_EXPECT_EQ(v, 0x89abcdef);
}
