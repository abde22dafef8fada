// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* pages.h: pages, what is copied in and out of them, and their mapping by processes. */
#include <holdfast/arc.h>
#include <holdfast/file.h>
#include <holdfast/lock.h>
#include <holdfast/pages.h>

#include "harness.h"

#ifdef HF_TEST_CLOCK
#include <unistd.h>
#endif

#define PAGES		3
#define SIZE		(PAGES * HF_TEST_PAGE)

static struct hf_pages_own make(u64 bytes)
{
	return hf_expect(hf_new_pages(bytes, GFP_KERNEL), "there is memory");
}

/* --- what is in them ---------------------------------------------------------------------------- */

HF_TEST(pages, are_zeroed_and_whole)
{
	hf_let(hf_pages, p, make(HF_TEST_PAGE + 1));
	u8 bytes[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	const u64 sizes[] = { 1, HF_TEST_PAGE - 1, HF_TEST_PAGE, HF_TEST_PAGE + 1 };

	HF_EXPECT_EQ(hf_pages_size(hf_ref(p)), 2 * HF_TEST_PAGE);
	HF_EXPECT_EQ(hf_pages_read(hf_ref(p), 2 * HF_TEST_PAGE - 16, hf_slice(u8_slice, bytes)), 0);
	for (size_t i = 0; i < sizeof(bytes); i++)
		HF_EXPECT_EQ(bytes[i], 0);
	for (size_t i = 0; i < HF_TEST_COUNT(sizes); i++) {
		hf_let(hf_pages, q, make(sizes[i]));

		HF_EXPECT_EQ(hf_pages_size(hf_ref(q)), i < 3 ? HF_TEST_PAGE : 2 * HF_TEST_PAGE);
	}
}

HF_TEST(pages, of_impossible_sizes)
{
	const size_t live = hf_test_live();

	HF_EXPECT_EQ(hf_errno(hf_new_pages(0, GFP_KERNEL)), -EINVAL);
	HF_EXPECT_EQ(hf_errno(hf_new_pages(~(u64)0, GFP_KERNEL)), -EINVAL);
	HF_EXPECT_EQ(hf_errno(hf_new_pages((u64)SIZE_MAX - 4094, GFP_KERNEL)), -EINVAL);
	HF_EXPECT_EQ(hf_errno(hf_new_pages(SIZE_MAX / 2, GFP_KERNEL)), -ENOMEM);
	HF_EXPECT_EQ(hf_test_live(), live);
}

HF_TEST(pages, allocation_fails)
{
	const size_t live = hf_test_live();

	for (unsigned long nth = 1; nth <= 2; nth++) {
		hf_test_fail_alloc(nth);
		HF_EXPECT_EQ(hf_errno(hf_new_pages(SIZE, GFP_KERNEL)), -ENOMEM);
		HF_EXPECT_EQ(hf_test_live(), live);
	}
	hf_test_fail_alloc(3);
	{
		hf_let(hf_pages, p, hf_expect(hf_new_pages(SIZE, GFP_KERNEL), "these are all"));
	}
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_test_live(), live);
}

HF_TEST(pages, bytes_at_every_place)
{
	hf_let(hf_pages, p, make(SIZE));
	u8 in[24], out[24];

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (u8)(i + 1);
	/* Across the end of a page, of every length and alignment. */
	for (u64 at = HF_TEST_PAGE - 24; at < HF_TEST_PAGE + 8; at++) {
		for (size_t n = 0; n <= sizeof(in); n++) {
			const struct u8_cslice some = hf_expect(hf_array_subslice(u8_cslice, in, 0, n), "n is at most 24");
			const struct u8_slice got = hf_expect(hf_array_subslice(u8_slice, out, 0, n), "n is at most 24");

			HF_EXPECT_EQ(hf_pages_write(hf_ref(p), at, some), 0);
			HF_EXPECT_EQ(hf_pages_read(hf_ref(p), at, got), 0);
			HF_EXPECT_EQ(memcmp(in, out, n), 0);
		}
	}
}

HF_TEST(pages, bytes_outside)
{
	hf_let(hf_pages, p, make(SIZE));
	u8 b[8] = { 7 };
	const struct u8_cslice from = hf_slice(u8_cslice, b), nothing = hf_expect(hf_subslice(from, 0, 0), "it is empty");
	const struct u8_slice to = hf_slice(u8_slice, b);
	const u64 outside[] = { SIZE - 7, SIZE, SIZE + 1, ~(u64)0, ~(u64)0 - 7, (u64)1 << 32, (u64)1 << 63 };

	HF_EXPECT_EQ(hf_pages_write(hf_ref(p), SIZE - 8, from), 0);
	HF_EXPECT_EQ(hf_pages_read(hf_ref(p), SIZE - 8, to), 0);
	HF_EXPECT_EQ(hf_pages_write(hf_ref(p), SIZE, nothing), 0);
	HF_EXPECT_EQ(hf_pages_write(hf_ref(p), SIZE + 1, nothing), -ERANGE);
	for (size_t i = 0; i < HF_TEST_COUNT(outside); i++) {
		HF_EXPECT_EQ(hf_pages_write(hf_ref(p), outside[i], from), -ERANGE);
		HF_EXPECT_EQ(hf_pages_read(hf_ref(p), outside[i], to), -ERANGE);
		HF_EXPECT_EQ(hf_errno(hf_pages_load_u32(hf_ref(p), outside[i] == SIZE - 7 ? SIZE - 3 : outside[i])), -ERANGE);
		HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), outside[i] == SIZE - 7 ? SIZE - 3 : outside[i], 1), -ERANGE);
	}
	HF_EXPECT_EQ(b[0], 7);
}

HF_TEST(pages, words)
{
	hf_let(hf_pages, p, make(SIZE));

	HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), SIZE - 4, 0x12345678), 0);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(p), SIZE - 4), "it is inside")), 0x12345678);
	for (u64 at = 1; at < 4; at++) {
		HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), at, 1), -EINVAL);
		HF_EXPECT_EQ(hf_errno(hf_pages_load_u32(hf_ref(p), at)), -EINVAL);
	}
}

struct entry {
	struct hf_le64 addr;
	struct hf_le32 len, flags;
};

HF_WIRE_TYPE(entry, struct entry, HF_WIRE(addr) HF_WIRE(len) HF_WIRE(flags));

HF_TEST(pages, structures)
{
	hf_let(hf_pages, p, make(SIZE));
	const struct entry e = { .addr = hf_le64(0x1122334455667788), .len = hf_le32(9) };
	struct entry got;

	HF_EXPECT_EQ(hf_pages_write(hf_ref(p), 12, hf_bytes_of(entry, e)), 0);
	got = hf_expect(hf_pages_read_as(entry, hf_ref(p), 12), "it is inside");
	HF_EXPECT_EQ(hf_accept_any(hf_from_le(got.addr)), 0x1122334455667788);
	HF_EXPECT_EQ(hf_accept_any(hf_from_le(got.len)), 9);
	HF_EXPECT_EQ(hf_errno(hf_pages_read_as(entry, hf_ref(p), SIZE - 15)), -ERANGE);
	HF_EXPECT_EQ(hf_errno(hf_pages_read_as(entry, hf_ref(p), -1)), -ERANGE);
}

HF_TEST(pages, user_memory_into_them)
{
	hf_let(hf_pages, p, make(SIZE));
	void __user *const page = hf_test_user_map();
	struct hf_uaccess_writer fill = hf_uaccess_writer(page, 16);
	struct hf_uaccess_reader r = hf_uaccess_reader(page, 16);
	struct hf_uaccess_reader bad = hf_uaccess_reader(HF_TEST_USER_BAD, 16);

	HF_EXPECT_EQ(hf_uaccess_write_u64(&fill, 0x1122334455667788), 0);
	HF_EXPECT_EQ(hf_uaccess_read_pages(&r, hf_ref(p), SIZE - 7, 8), -ERANGE);
	HF_EXPECT_EQ(hf_uaccess_read_pages(&r, hf_ref(p), 8, ~(u64)0), -ERANGE);
	HF_EXPECT_EQ(hf_remaining(&r), 16);
	HF_EXPECT_EQ(hf_uaccess_read_pages(&r, hf_ref(p), SIZE - 8, 8), 0);
	HF_EXPECT_EQ(hf_remaining(&r), 8);
	HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(p), SIZE - 4), "it is inside")), 0x11223344);
	HF_EXPECT_EQ(hf_uaccess_read_pages(&r, hf_ref(p), 0, 9), -ENODATA);
	HF_EXPECT_EQ(hf_uaccess_read_pages(&bad, hf_ref(p), 0, 8), -EFAULT);
	hf_test_user_unmap(page);
}

/* --- mappings ----------------------------------------------------------------------------------- */

struct screen_state {
	struct hf_pages_own pages;
	bool writable, twice;
	int asked;
	u64 size, address;
};

HF_LOCKED_DEFINE(locked_screen, mutex, struct screen_state);

struct screen {
	struct hf_refs refs;
	struct locked_screen state;
};

static int screens_ended;

static int screen_init(struct screen *s, bool writable)
{
	hf_let(hf_pages, pages, hf_try(hf_new_pages(SIZE, GFP_KERNEL)));

	hf_lock_init(&s->state);
	{
		hf_lock(d, &s->state);
		d->writable = writable;
		hf_set(d->pages, hf_move(pages));
	}
	return 0;
}

static void screen_destroy(struct screen *s)
{
	screens_ended++;
	{
		hf_lock(d, &s->state);
		hf_pages_own_drop(&d->pages);
	}
	hf_lock_fini(&s->state);
}

static void screen_release(struct screen *s)
{
	hf_free(s);
}

HF_ARC_DEFINE(screen, struct screen, refs, screen_destroy, screen_release);
HF_FILE_DEFINE(screen_node, screen_arc, screen_arc);
HF_FILE_DEFINE(blank_node, screen_arc, screen_arc);

static struct screen_arc_result screen_open(const struct screen *s, const struct hf_file *how)
{
	(void)how;
	return hf_ok(screen_arc, hf_arc_from(screen, s));
}

static int screen_mmap(const struct screen *s, struct hf_vma *vma, const struct hf_file *how)
{
	hf_lock(d, &s->state);

	(void)how;
	d->asked++;
	d->size = hf_accept_any(hf_vma_size(vma));
	d->address = hf_vma_address(vma);
	if (hf_is_empty(d->pages))
		return -ENXIO;
	if (d->twice)
		hf_try_errno(hf_vma_map_readonly(vma, hf_ref(d->pages)));
	return d->writable ? hf_vma_map_writable(vma, hf_ref(d->pages)) : hf_vma_map_readonly(vma, hf_ref(d->pages));
}

HF_FILE_OPS(screen_node, screen_arc, .open = screen_open, .mmap = screen_mmap);
HF_FILE_OPS(blank_node, screen_arc, .open = screen_open);

#define NODE	"holdfast_pages"

static struct screen_arc screen_make(bool writable)
{
	screens_ended = 0;
	return hf_expect(hf_new_arc_with(screen, GFP_KERNEL, screen_init, writable), "there is memory");
}

static struct screen_node_own node_make(struct screen_arc s)
{
	return hf_expect(hf_node_register(screen_node, NODE, s, GFP_KERNEL), "it is the first");
}

static u32 user_get(void __user *base, size_t at)
{
	struct hf_uaccess_reader r = hf_uaccess_reader((char __user *)base + at, 4);

	return hf_accept_any(hf_expect(hf_uaccess_read_u32(&r), "it is mapped"));
}

static int user_put(void __user *base, size_t at, u32 v)
{
	struct hf_uaccess_writer w = hf_uaccess_writer((char __user *)base + at, 4);

	return hf_uaccess_write_u32(&w, v);
}

static u32 screen_get(const struct screen *s, u64 at)
{
	hf_lock(d, &s->state);
	return hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(d->pages), at), "it is inside"));
}

static void screen_put(const struct screen *s, u64 at, u32 v)
{
	hf_lock(d, &s->state);
	HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(d->pages), at, v), 0);
}

HF_TEST(pages, process_and_driver_see_the_same)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0, &map), 0);
	{
		hf_lock(d, &hf_ref(s)->state);
		HF_EXPECT_EQ(d->size, SIZE);
		HF_EXPECT_EQ(d->address, (unsigned long)map);
	}
	for (u32 at = 0; at < SIZE; at += HF_TEST_PAGE / 2) {
		HF_EXPECT_EQ(user_get(map, at), 0);
		HF_EXPECT_EQ(user_put(map, at, at + 1), 0);
		HF_EXPECT_EQ(screen_get(hf_ref(s), at), at + 1);
		screen_put(hf_ref(s), at + 4, at + 2);
		HF_EXPECT_EQ(user_get(map, at + 4), at + 2);
	}
	hf_test_munmap(map, SIZE);
	hf_test_close(&f);
}

HF_TEST(pages, read_only_stays_so)
{
	const int flags[] = { MAP_SHARED, MAP_PRIVATE };

	hf_let_arc(screen, s, screen_make(false));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	for (size_t i = 0; i < HF_TEST_COUNT(flags); i++) {
		HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_WRITE, flags[i], 0, &map), -EPERM);
		HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ | PROT_WRITE, flags[i], 0, &map), -EPERM);
		HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, flags[i], 0, &map), 0);
		screen_put(hf_ref(s), 8, 77 + (u32)i);
		HF_EXPECT_EQ(user_get(map, 8), 77 + i);
		HF_EXPECT_EQ(user_put(map, 8, 1), -EFAULT);
		HF_EXPECT_EQ(hf_test_mprotect(map, SIZE, PROT_READ | PROT_WRITE), -EACCES);
		HF_EXPECT_EQ(user_put(map, 8, 1), -EFAULT);
		HF_EXPECT_EQ(screen_get(hf_ref(s), 8), 77 + i);
		hf_test_munmap(map, SIZE);
	}
	hf_test_close(&f);
}

HF_TEST(pages, who_may_write)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f, in;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDONLY, &in), 0);
	/* A shared mapping of a file that is open for writing, at once or later. */
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), 0);
	HF_EXPECT_EQ(user_put(map, 0, 1), -EFAULT);
	HF_EXPECT_EQ(hf_test_mprotect(map, SIZE, PROT_READ | PROT_WRITE), 0);
	hf_test_munmap(map, SIZE);
	/* No private one. */
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0, &map), -EPERM);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	HF_EXPECT_EQ(hf_test_mprotect(map, SIZE, PROT_READ | PROT_WRITE), -EACCES);
	hf_test_munmap(map, SIZE);
	/* No file that is open for reading. */
	HF_EXPECT_EQ(hf_test_mmap(&in, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0, &map), -EACCES);
	HF_EXPECT_EQ(hf_test_mmap(&in, SIZE, PROT_READ, MAP_SHARED, 0, &map), 0);
	HF_EXPECT_EQ(hf_test_mprotect(map, SIZE, PROT_READ | PROT_WRITE), -EACCES);
	hf_test_munmap(map, SIZE);
	hf_test_close(&in);
	hf_test_close(&f);
}

HF_TEST(pages, nothing_is_executable)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_EXEC, MAP_SHARED, 0, &map), -EPERM);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, 0, &map), -EPERM);
#ifdef HF_TEST_MPROTECT_EXEC
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), 0);
	HF_EXPECT_EQ(hf_test_mprotect(map, SIZE, PROT_READ | PROT_EXEC), -EACCES);
	hf_test_munmap(map, SIZE);
#endif
	hf_test_close(&f);
}

HF_TEST(pages, only_what_fits_is_mapped)
{
	static const struct {
		u64 pages, offset;	/* in pages */
		int err;
	} cases[] = {
		{ 3, 0, 0 }, { 1, 0, 0 }, { 2, 1, 0 }, { 1, 2, 0 },
		{ 4, 0, -EINVAL }, { 3, 1, -EINVAL }, { 2, 2, -EINVAL }, { 1, 3, -EINVAL }, { 1, 4, -EINVAL },
		{ 1, 0x7ffff, -EINVAL },
	};

	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	for (u32 i = 0; i < PAGES; i++)
		screen_put(hf_ref(s), (u64)i * HF_TEST_PAGE, i + 1);
	for (size_t i = 0; i < HF_TEST_COUNT(cases); i++) {
		const size_t len = (size_t)cases[i].pages * HF_TEST_PAGE;

		HF_EXPECT_EQ(hf_test_mmap(&f, len, PROT_READ, MAP_SHARED, cases[i].offset * HF_TEST_PAGE, &map),
			     cases[i].err);
		if (cases[i].err)
			continue;
		for (u64 page = 0; page < cases[i].pages; page++)
			HF_EXPECT_EQ(user_get(map, (size_t)page * HF_TEST_PAGE), cases[i].offset + page + 1);
		hf_test_munmap(map, len);
	}
	/* Less than a page is a page. */
	HF_EXPECT_EQ(hf_test_mmap(&f, 1, PROT_READ, MAP_SHARED, 2 * HF_TEST_PAGE, &map), 0);
	HF_EXPECT_EQ(user_get(map, 0), 3);
	hf_test_munmap(map, HF_TEST_PAGE);
	hf_test_close(&f);
}

HF_TEST(pages, end_that_wraps_does_not_fit)
{
	static const u64 offsets[] = { ~(u64)0 - HF_TEST_PAGE + 1, ~(u64)0 - SIZE + 1, (u64)1 << 63 };

	hf_let(hf_pages, p, make(SIZE));
	for (size_t i = 0; i < HF_TEST_COUNT(offsets); i++) {
		struct hf_vma vma = hf_test_vma(SIZE, offsets[i]);

		HF_EXPECT_EQ(hf_vma_map_readonly(&vma, hf_ref(p)), -EINVAL);
		HF_EXPECT_EQ(hf_vma_map_writable(&vma, hf_ref(p)), -EINVAL);
	}
}

HF_TEST(pages, what_no_driver_is_asked)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;
	int err;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, 0, PROT_READ, MAP_SHARED, 0, &map), -EINVAL);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 1, &map), -EINVAL);
	/* vm_mmap() of the kernel says -EINVAL, mmap(2) -EOVERFLOW. */
	err = hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, ~(u64)0 - HF_TEST_PAGE + 1, &map);
	HF_EXPECT(err == -EINVAL || err == -EOVERFLOW);
	{
		hf_lock(d, &hf_ref(s)->state);
		HF_EXPECT_EQ(d->asked, 0);
	}
	hf_test_close(&f);
}

HF_TEST(pages, two_mappings)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f, g;
	void __user *a, __user *b;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &g), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0, &a), 0);
	HF_EXPECT_EQ(hf_test_mmap(&g, HF_TEST_PAGE, PROT_READ, MAP_SHARED, HF_TEST_PAGE, &b), 0);
	HF_EXPECT_EQ(user_put(a, HF_TEST_PAGE, 5), 0);
	HF_EXPECT_EQ(user_get(b, 0), 5);
	hf_test_munmap(a, SIZE);
	screen_put(hf_ref(s), HF_TEST_PAGE, 6);
	HF_EXPECT_EQ(user_get(b, 0), 6);
	hf_test_munmap(b, HF_TEST_PAGE);
	hf_test_close(&g);
	hf_test_close(&f);
}

HF_TEST(pages, mapped_twice_in_one_operation)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	{
		hf_lock(d, &hf_ref(s)->state);
		d->twice = true;
	}
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), -EBUSY);
	hf_test_close(&f);
}

HF_TEST(pages, mapping_fails_without_memory)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	hf_test_fail_alloc(1);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), 0);
	hf_test_munmap(map, SIZE);
	hf_test_close(&f);
}

HF_TEST(pages, pages_outlive_their_owner)
{
	const size_t live = hf_test_live();

	hf_let_arc(screen, s, screen_make(true));
	hf_let(screen_node, node, node_make(hf_clone(s)));
	const size_t with_pages = hf_test_live();
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT(with_pages > live);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0, &map), 0);
	screen_put(hf_ref(s), HF_TEST_PAGE, 42);
	{
		hf_lock(d, &hf_ref(s)->state);
		hf_pages_own_drop(&d->pages);
	}
	HF_EXPECT(hf_test_live() < with_pages);
	/* Other pages are not those that are mapped. */
	{
		hf_let(hf_pages, other, make(SIZE));

		HF_EXPECT_EQ(user_get(map, HF_TEST_PAGE), 42);
		for (size_t at = 0; at < SIZE; at += HF_TEST_PAGE)
			HF_EXPECT_EQ(user_put(map, at, 43), 0);
		for (u64 at = 0; at < SIZE; at += HF_TEST_PAGE)
			HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(other), at), "it is inside")), 0);
	}
	HF_EXPECT_EQ(user_get(map, HF_TEST_PAGE), 43);
	hf_test_munmap(map, SIZE);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), -ENXIO);
	hf_test_close(&f);
}

HF_TEST(pages, mapping_outlives_the_file)
{
	struct hf_test_file f;
	void __user *map;

	{
		hf_let_arc(screen, s, screen_make(true));
		hf_let(screen_node, node, node_make(hf_clone(s)));

		HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
		HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), 0);
		screen_put(hf_ref(s), 0, 9);
		hf_test_close(&f);
	}
	HF_EXPECT_EQ(user_get(map, 0), 9);
	HF_EXPECT_EQ(screens_ended, 0);
	hf_test_munmap(map, SIZE);
	HF_EXPECT_EQ(screens_ended, 1);
}

#ifdef HF_TEST_CLOCK
HF_TEST(pages, mapping_of_another_process)
{
	void *const there = (void *)0x7f0000000000;

	for (int writable = 0; writable < 2; writable++) {
		hf_let_arc(screen, s, screen_make(writable));
		hf_let(screen_node, node, node_make(hf_clone(s)));
		struct hf_test_file f;
		struct hf_area *area;
		void *map;
		int fd;

		HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
		HF_EXPECT_EQ(hf_user_mmap_at(f.f, there, SIZE + 1, PROT_READ, MAP_SHARED, 0, &fd, &area), -EINVAL);
		HF_EXPECT_EQ(hf_user_mmap_at(f.f, there, 1, PROT_READ, MAP_SHARED, HF_TEST_PAGE, &fd, &area), 0);
		HF_EXPECT(!area);
		{
			hf_lock(d, &hf_ref(s)->state);
			HF_EXPECT_EQ(d->size, HF_TEST_PAGE);
			HF_EXPECT_EQ(d->address, (unsigned long)there);
		}
		screen_put(hf_ref(s), HF_TEST_PAGE, 5);
		map = mmap(NULL, HF_TEST_PAGE, PROT_READ, MAP_SHARED, fd, HF_TEST_PAGE);
		HF_EXPECT_EQ(user_get((void __user *)map, 0), 5);
		HF_EXPECT_EQ(hf_test_mprotect(map, HF_TEST_PAGE, PROT_READ | PROT_WRITE), writable ? 0 : -EACCES);
		munmap(map, HF_TEST_PAGE);
		close(fd);
		hf_test_close(&f);
	}
}
#endif

HF_TEST(pages, node_without_mmap)
{
	hf_let_arc(screen, s, screen_make(true));
	hf_let(blank_node, node, hf_expect(hf_node_register(blank_node, NODE, hf_clone(s), GFP_KERNEL), "it is the first"));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_SHARED, 0, &map), -ENODEV);
	hf_test_close(&f);
}

/* --- pages that come when they are needed -------------------------------------------------------- */

struct stock_state {
	struct hf_area_arc area;
	int more;		/* what the operation does afterwards: a second area, pages, an error */
};

HF_LOCKED_DEFINE(locked_stock, mutex, struct stock_state);

struct stock {
	struct hf_refs refs;
	struct locked_stock state;
};

static int stock_init(struct stock *s, int more)
{
	hf_lock_init(&s->state);
	hf_lock(d, &s->state);
	d->more = more;
	return 0;
}

static void stock_destroy(struct stock *s)
{
	{
		hf_lock(d, &s->state);
		hf_area_arc_drop(&d->area);
	}
	hf_lock_fini(&s->state);
}

static void stock_release(struct stock *s)
{
	hf_free(s);
}

HF_ARC_DEFINE(stock, struct stock, refs, stock_destroy, stock_release);
HF_FILE_DEFINE(stock_node, stock_arc, stock_arc);

static struct stock_arc_result stock_open(const struct stock *s, const struct hf_file *how)
{
	(void)how;
	return hf_ok(stock_arc, hf_arc_from(stock, s));
}

enum { STOCK_AREA, STOCK_TWICE, STOCK_AREA_AND_PAGES, STOCK_PAGES_AND_AREA, STOCK_FAILS, STOCK_OF_NOTHING };

static int stock_mmap(const struct stock *s, struct hf_vma *vma, const struct hf_file *how)
{
	hf_let(hf_pages, pages, make(SIZE));
	hf_lock(d, &s->state);

	(void)how;
	if (d->more == STOCK_PAGES_AND_AREA)
		hf_try_errno(hf_vma_map_readonly(vma, hf_ref(pages)));
	hf_drop_ok(hf_area_arc, hf_ok(hf_area_arc, hf_take(d->area)));
	hf_try_errno(hf_set_ok(d->area, hf_new_area(vma, d->more == STOCK_OF_NOTHING ? HF_TEST_PAGE - 1 : SIZE + 5, GFP_KERNEL)));
	switch (d->more) {
	case STOCK_TWICE:
		return hf_errno(hf_new_area(vma, SIZE, GFP_KERNEL));
	case STOCK_AREA_AND_PAGES:
		return hf_vma_map_readonly(vma, hf_ref(pages));
	case STOCK_FAILS:
		return -EIO;
	default:
		return 0;
	}
}

HF_FILE_OPS(stock_node, stock_arc, .open = stock_open, .mmap = stock_mmap);

#define STOCK_NODE	"holdfast_stock"

static struct stock_arc stock_make(int more)
{
	return hf_expect(hf_new_arc_with(stock, GFP_KERNEL, stock_init, more), "there is memory");
}

static struct stock_node_own stock_register(struct stock_arc s)
{
	return hf_expect(hf_node_register(stock_node, STOCK_NODE, s, GFP_KERNEL), "it is the first");
}

static struct hf_pages_own_result stock_need(const struct stock *s, u64 at, u64 n)
{
	hf_lock(d, &s->state);

	return hf_area_need(hf_ref(d->area), at, n);
}

/* Four bytes that the process sees, or -EFAULT. */
static s64 user_sees(void __user *base, size_t at)
{
	struct hf_uaccess_reader r = hf_uaccess_reader((char __user *)base + at, 4);

	return hf_accept_any(hf_try(hf_uaccess_read_u32(&r)));
}

HF_TEST(pages, come_when_they_are_needed)
{
	hf_let_arc(stock, s, stock_make(STOCK_AREA));
	hf_let(stock_node, node, stock_register(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, 2 * SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	{
		hf_lock(d, &hf_ref(s)->state);
		HF_EXPECT_EQ(hf_area_size(hf_ref(d->area)), SIZE);
		HF_EXPECT_EQ(hf_area_address(hf_ref(d->area)), (unsigned long)map);
		HF_EXPECT(hf_area_is_mapped(hf_ref(d->area)));
	}
	for (size_t at = 0; at < 2 * SIZE; at += HF_TEST_PAGE)
		HF_EXPECT_EQ(user_sees(map, at), -EFAULT);
	{
		/* Bytes of the last two pages. */
		hf_let(hf_pages, p, hf_expect(stock_need(hf_ref(s), SIZE - HF_TEST_PAGE - 4, 8), "there is memory"));

		HF_EXPECT_EQ(hf_pages_size(hf_ref(p)), 8);
		HF_EXPECT_EQ(user_sees(map, 0), -EFAULT);
		HF_EXPECT_EQ(user_sees(map, HF_TEST_PAGE), 0);
		HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), 0, 7), 0);
		HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), 4, 8), 0);
		HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), 8, 9), -ERANGE);
		HF_EXPECT_EQ(user_sees(map, SIZE - HF_TEST_PAGE - 4), 7);
		HF_EXPECT_EQ(user_sees(map, SIZE - HF_TEST_PAGE), 8);
		HF_EXPECT_EQ(user_put(map, SIZE - HF_TEST_PAGE, 9), -EFAULT);
		HF_EXPECT_EQ(hf_test_mprotect(map, HF_TEST_PAGE, PROT_READ | PROT_WRITE), -EACCES);
	}
	HF_EXPECT_EQ(user_sees(map, SIZE - HF_TEST_PAGE), 8);
	HF_EXPECT_EQ(user_sees(map, SIZE), -EFAULT);
	hf_test_munmap(map, 2 * SIZE);
	hf_test_close(&f);
}

HF_TEST(pages, are_taken_back_when_nobody_needs_them)
{
	hf_let_arc(stock, s, stock_make(STOCK_AREA));
	hf_let(stock_node, node, stock_register(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	{
		hf_let(hf_pages, whole, hf_expect(stock_need(hf_ref(s), 0, SIZE), "there is memory"));
		hf_let(hf_pages, word, hf_expect(stock_need(hf_ref(s), HF_TEST_PAGE, 4), "there is memory"));

		for (u64 at = 0; at < SIZE; at += 4)
			HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(whole), at, (u32)at + 1), 0);
		hf_test_shrink();
		for (u64 at = 0; at < SIZE; at += HF_TEST_PAGE)
			HF_EXPECT_EQ(user_sees(map, (size_t)at), (s64)at + 1);
		hf_drop(hf_pages, whole);
		for (u64 at = 0; at < SIZE; at += HF_TEST_PAGE)
			HF_EXPECT_EQ(user_sees(map, (size_t)at), (s64)at + 1);
		hf_test_shrink();
		HF_EXPECT_EQ(user_sees(map, 0), -EFAULT);
		HF_EXPECT_EQ(user_sees(map, HF_TEST_PAGE), HF_TEST_PAGE + 1);
		HF_EXPECT_EQ(user_sees(map, 2 * HF_TEST_PAGE), -EFAULT);
		HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(word), 0), "it is inside")), HF_TEST_PAGE + 1);
	}
	hf_test_shrink();
	/* Zeros, when they come again. */
	{
		hf_let(hf_pages, whole, hf_expect(stock_need(hf_ref(s), 0, SIZE), "there is memory"));

		for (u64 at = 0; at < SIZE; at += HF_TEST_PAGE) {
			HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(whole), at), "it is inside")), 0);
			HF_EXPECT_EQ(user_sees(map, (size_t)at), 0);
		}
	}
	hf_test_munmap(map, SIZE);
	hf_test_close(&f);
}

HF_TEST(pages, needed_bytes_at_every_place)
{
	hf_let_arc(stock, s, stock_make(STOCK_AREA));
	hf_let(stock_node, node, stock_register(hf_clone(s)));
	void __user *const user = hf_test_user_map();
	struct hf_uaccess_writer fill = hf_uaccess_writer(user, 24);
	struct hf_test_file f;
	void __user *map;
	u8 in[24], out[24];

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (u8)(i + 1);
	HF_EXPECT_EQ(hf_uaccess_write(&fill, hf_slice(u8_cslice, in)), 0);
	HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	/* Across the end of a page. */
	for (u64 at = HF_TEST_PAGE - 24; at < HF_TEST_PAGE + 8; at++) {
		hf_let(hf_pages, p, hf_expect(stock_need(hf_ref(s), at, sizeof(in)), "there is memory"));
		struct hf_uaccess_reader r = hf_uaccess_reader(user, 24), few = hf_uaccess_reader(user, 20);

		HF_EXPECT_EQ(hf_pages_write(hf_ref(p), 0, hf_slice(u8_cslice, in)), 0);
		HF_EXPECT_EQ(hf_pages_read(hf_ref(p), 0, hf_slice(u8_slice, out)), 0);
		HF_EXPECT_EQ(memcmp(in, out, sizeof(in)), 0);
		HF_EXPECT_EQ(hf_pages_write(hf_ref(p), 1, hf_slice(u8_cslice, in)), -ERANGE);
		memset(out, 0, sizeof(out));
		HF_EXPECT_EQ(hf_pages_write(hf_ref(p), 0, hf_slice(u8_cslice, out)), 0);
		HF_EXPECT_EQ(hf_uaccess_read_pages(&few, hf_ref(p), 0, 24), -ENODATA);
		HF_EXPECT_EQ(hf_remaining(&few), 20);
		HF_EXPECT_EQ(hf_uaccess_read_pages(&r, hf_ref(p), 0, 24), 0);
		HF_EXPECT_EQ(hf_remaining(&r), 0);
		HF_EXPECT_EQ(hf_pages_read(hf_ref(p), 0, hf_slice(u8_slice, out)), 0);
		HF_EXPECT_EQ(memcmp(in, out, sizeof(in)), 0);
		HF_EXPECT_EQ(hf_errno(hf_pages_load_u32(hf_ref(p), 0)), at % 4 ? -EINVAL : 0);
	}
	hf_test_user_unmap(user);
	hf_test_munmap(map, SIZE);
	hf_test_close(&f);
}

HF_TEST(pages, needed_outside)
{
	hf_let_arc(stock, s, stock_make(STOCK_AREA));
	hf_let(stock_node, node, stock_register(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
	/* More than there is memory mapped for. */
	HF_EXPECT_EQ(hf_test_mmap(&f, HF_TEST_PAGE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	HF_EXPECT_EQ(hf_errno(stock_need(hf_ref(s), 0, HF_TEST_PAGE + 1)), -ERANGE);
	HF_EXPECT_EQ(hf_errno(stock_need(hf_ref(s), HF_TEST_PAGE, 1)), -ERANGE);
	HF_EXPECT_EQ(hf_errno(stock_need(hf_ref(s), ~(u64)0, 2)), -ERANGE);
	HF_EXPECT_EQ(hf_errno(stock_need(hf_ref(s), 1, ~(u64)0)), -ERANGE);
	{
		hf_let(hf_pages, none, hf_expect(stock_need(hf_ref(s), HF_TEST_PAGE, 0), "nothing is always there"));
		struct hf_vma vma = hf_test_vma(0, 0);

		HF_EXPECT_EQ(hf_pages_size(hf_ref(none)), 0);
		/* They are in one mapping. */
		HF_EXPECT_EQ(hf_vma_map_readonly(&vma, hf_ref(none)), -EINVAL);
	}
	HF_EXPECT_EQ(user_sees(map, 0), -EFAULT);
	hf_test_munmap(map, HF_TEST_PAGE);
	hf_test_close(&f);
}

HF_TEST(pages, needed_after_the_process_has_unmapped)
{
	hf_let_arc(stock, s, stock_make(STOCK_AREA));
	hf_let(stock_node, node, stock_register(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	{
		hf_let(hf_pages, p, hf_expect(stock_need(hf_ref(s), 0, 8), "there is memory"));

		HF_EXPECT_EQ(user_sees(map, 0), 0);
		hf_test_munmap(map, SIZE);
		{
			hf_lock(d, &hf_ref(s)->state);
			HF_EXPECT(!hf_area_is_mapped(hf_ref(d->area)));
		}
		HF_EXPECT_EQ(hf_errno(stock_need(hf_ref(s), 0, 8)), -ESRCH);
		HF_EXPECT_EQ(hf_errno(stock_need(hf_ref(s), 0, 0)), -ESRCH);
		HF_EXPECT_EQ(hf_pages_store_u32(hf_ref(p), 0, 7), 0);
		HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(p), 0), "it is inside")), 7);
		/* The last one of the area. */
		{
			hf_lock(d, &hf_ref(s)->state);
			hf_area_arc_drop(&d->area);
		}
		hf_test_shrink();
		HF_EXPECT_EQ(hf_accept_any(hf_expect(hf_pages_load_u32(hf_ref(p), 0), "it is inside")), 7);
	}
	hf_test_close(&f);
}

HF_TEST(pages, area_goes_before_its_mapping)
{
	hf_let_arc(stock, s, stock_make(STOCK_AREA));
	hf_let(stock_node, node, stock_register(hf_clone(s)));
	struct hf_test_file f;
	void __user *map;

	HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
	hf_drop_ok(hf_pages_own, stock_need(hf_ref(s), 0, 8));
	{
		hf_lock(d, &hf_ref(s)->state);
		hf_area_arc_drop(&d->area);
	}
	HF_EXPECT_EQ(user_sees(map, 0), 0);
	hf_test_shrink();
	HF_EXPECT_EQ(user_sees(map, 0), -EFAULT);
	hf_test_munmap(map, SIZE);
	hf_test_close(&f);
}

HF_TEST(pages, areas_that_are_none)
{
	static const struct {
		int more, prot, err;
	} cases[] = {
		{ STOCK_AREA, PROT_WRITE, -EPERM }, { STOCK_AREA, PROT_READ | PROT_WRITE, -EPERM },
		{ STOCK_TWICE, PROT_READ, -EBUSY }, { STOCK_AREA_AND_PAGES, PROT_READ, -EBUSY },
		{ STOCK_PAGES_AND_AREA, PROT_READ, -EBUSY }, { STOCK_FAILS, PROT_READ, -EIO },
		{ STOCK_OF_NOTHING, PROT_READ, -EINVAL },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(cases); i++) {
		hf_let_arc(stock, s, stock_make(cases[i].more));
		hf_let(stock_node, node, stock_register(hf_clone(s)));
		struct hf_test_file f;
		void __user *map;

		HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
		HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, cases[i].prot, MAP_PRIVATE, 0, &map), cases[i].err);
		{
			hf_lock(d, &hf_ref(s)->state);
			/* An area of a mmap() that fails counts as unmapped. */
			if (!hf_is_empty(d->area)) {
				HF_EXPECT(!hf_area_is_mapped(hf_ref(d->area)));
				HF_EXPECT_EQ(hf_errno(hf_area_need(hf_ref(d->area), 0, 8)), -ESRCH);
			}
		}
		hf_test_close(&f);
	}
}

HF_TEST(pages, needed_without_memory)
{
	const size_t live = hf_test_live();
	{
		hf_let_arc(stock, s, stock_make(STOCK_AREA));
		hf_let(stock_node, node, stock_register(hf_clone(s)));
		struct hf_test_file f;
		unsigned long nth = 0;
		void __user *map;
		int err;

		HF_EXPECT_EQ(hf_test_open(STOCK_NODE, O_RDWR, &f), 0);
		HF_EXPECT_EQ(hf_test_mmap(&f, SIZE, PROT_READ, MAP_PRIVATE, 0, &map), 0);
		do {
			hf_test_fail_alloc(++nth);
			err = hf_drop_ok(hf_pages_own, stock_need(hf_ref(s), 0, SIZE));
			hf_test_fail_alloc(0);
			HF_EXPECT(!err || err == -ENOMEM);
		} while (err);
		HF_EXPECT(nth > 2);
		hf_test_shrink();
		HF_EXPECT_EQ(user_sees(map, 0), -EFAULT);
		hf_test_munmap(map, SIZE);
		hf_test_close(&f);
	}
	HF_EXPECT_EQ(hf_test_live(), live);
}
