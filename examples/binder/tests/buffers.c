// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The memory of a process, with buffers of all kinds of ends, freed in all orders (ends.h). */
#include "harness.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "../core.h"
#include "ends.h"
#include "host.h"

#define NODE	"hf-binder-space"
#define SIZE	(16 * ENDS_PAGE)

/* Builds with debug checks are slow. */
#define STEP	(HF_DEBUG ? 7 : 1)

/* ---- A process that maps memory, and does nothing else ---- */

struct space {
	struct proc_arc proc;
};

static struct space kept;

static void space_close(struct space *s)
{
	proc_arc_drop(&s->proc);
	hf_free(s);
}

HF_OWN_DEFINE(space, struct space, space_close);
HF_FILE_DEFINE(space_file, context_arc, space_own);

static struct space_own_result space_open(const struct context *c, const struct hf_file *how)
{
	hf_let(space, s, hf_try_in(space_own, hf_new(space, GFP_KERNEL)));

	(void)how;
	hf_try_errno_in(space_own, hf_set_ok(hf_mut(s)->proc, proc_new(c)));
	hf_set(kept.proc, hf_clone(hf_ref(s)->proc));
	return hf_ok(space_own, hf_move(s));
}

static int space_mmap(const struct space *s, struct hf_vma *vma, const struct hf_file *how)
{
	(void)how;
	return alloc_map(hf_ref(s->proc), vma);
}

HF_FILE_OPS(space_file, space_own, .open = space_open, .mmap = space_mmap);

/* ---- Buffers ---- */

static void get(struct buffer_own *b, u64 size, u64 offset)
{
	HF_EXPECT_EQ(hf_set_ok(*b, buffer_new(hf_ref(kept.proc), size, 0, 0, false)), 0);
	if (!hf_is_empty(*b))
		HF_EXPECT_EQ(hf_ref(*b)->offset, offset);
}

/* In one order, one after the other from the begin on, which is where they are if all was one hole. */
static void get_and_put(const uint64_t *sizes, const unsigned int *order, bool shrinks)
{
	struct buffer_own buffers[ENDS_BUFFERS] = { 0 };
	u64 at = 0;

	for (unsigned int i = 0; i < ENDS_BUFFERS; at += sizes[i++])
		get(&buffers[i], sizes[i], at);
	/* All pages that are there are in use. */
	if (shrinks)
		HF_EXPECT_EQ(hf_user_shrink(), 0);
	for (unsigned int i = 0; i < ENDS_BUFFERS; i++)
		buffer_own_drop(&buffers[order[i]]);
}

static void get_and_put_all(void)
{
	struct buffer_own all = { 0 };

	get(&all, SIZE, 0);
	buffer_own_drop(&all);
	HF_EXPECT_EQ(hf_user_shrink(), SIZE / ENDS_PAGE);
}

HF_TEST(binder, buffers_with_all_ends_in_all_orders)
{
	hf_let(space_file, node, hf_empty(space_file_own));
	struct hf_user_file *f;
	void *at;

	host_pid = 1;
	HF_EXPECT_EQ(hf_set_ok(node, hf_node_register(space_file, NODE, hf_expect(context_new(NULL), "there is memory"),
						       GFP_KERNEL)), 0);
	HF_EXPECT_EQ(hf_user_open(NODE, O_RDWR, &f), 0);
	HF_EXPECT_EQ(hf_user_mmap(f, SIZE, PROT_READ, MAP_PRIVATE, 0, &at), 0);
	for (unsigned int i = 0; i < 2 * ENDS_PATTERNS; i += STEP) {
		uint64_t sizes[ENDS_BUFFERS];
		const u64 end = ends_sizes(i / 2, i % 2 ? SIZE : 0, sizes);

		for (unsigned int n = 0; n < ENDS_ORDERS; n++) {
			unsigned int order[ENDS_BUFFERS];

			ends_order(n, order);
			get_and_put(sizes, order, !n);
		}
		/* Nobody needs one of their pages any more. */
		HF_EXPECT_EQ(hf_user_shrink(), (end + ENDS_PAGE - 1) / ENDS_PAGE);
	}
	get_and_put_all();
	proc_arc_drop(&kept.proc);
	hf_user_munmap(at);
	hf_user_close(f);
}
