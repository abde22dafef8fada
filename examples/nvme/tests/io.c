// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Commands and their data: preparation, PRPs, SGLs, wrap-around, full queues. */
#include "rig.h"

static const struct nvme_segment_cslice nothing;

/* Submit a command and wait for it; returns its error. */
static int run(struct rig *rig, struct nvme_request_own request, struct tally *tally)
{
	hf_let(nvme_request, req, request);
	unsigned int n = tally->done + 1, failed = tally->failed;

	hf_try_errno(rig_submit(rig, 1, &req));
	if (!rig_wait(rig, tally, n))
		return -ETIME;
	return tally->failed == failed ? 0 : tally->err;
}

HF_TEST(nvme_io, prepare_refuses)
{
	struct tally tally = { .done = 0 };
	struct nvme_namespace ns;
	struct nvme_dsm_range range;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	hf_let(nvme_request, req, rig_request(&tally));
	const u64 end = rig.ns->blocks;
	struct nvme_segment one[] = { rig_segment(&rig, 0, 4096) };
	struct nvme_segment odd[] = { rig_segment(&rig, 2, 4096) };
	struct nvme_segment whole[] = { rig_segment(&rig, 0, (128 << 10) + 512) };
	struct nvme_segment gap[] = { rig_segment(&rig, 0, 2048), rig_segment(&rig, 4096, 2048) };
	struct nvme_segment late[] = { rig_segment(&rig, 0, 4096), rig_segment(&rig, 8704, 4096) };
	struct nvme_segment empty[] = { rig_segment(&rig, 0, 4096), rig_segment(&rig, 4096, 0) };
	struct nvme_segment wraps[] = { { .addr = ~0ull & ~4095ull, .len = 8192 } };

#define READ(lba, blocks, data)	nvme_prep_read(hf_mut(req), rig.ns, lba, blocks, data)
	HF_EXPECT_EQ(READ(0, 8, rig_data(one)), 0);
	HF_EXPECT_EQ(READ(end - 8, 8, rig_data(one)), 0);
	HF_EXPECT_EQ(READ(end - 7, 8, rig_data(one)), -ERANGE);
	HF_EXPECT_EQ(READ(end, 8, rig_data(one)), -ERANGE);
	HF_EXPECT_EQ(READ(~0ull, 8, rig_data(one)), -ERANGE);
	HF_EXPECT_EQ(READ(0, 0, rig_data(one)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 7, rig_data(one)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 9, rig_data(one)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 8, nothing), -EINVAL);
	HF_EXPECT_EQ(READ(0, 8, rig_data(odd)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 8, rig_data(gap)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 16, rig_data(late)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 8, rig_data(empty)), -EINVAL);
	HF_EXPECT_EQ(READ(0, 16, rig_data(wraps)), -EOVERFLOW);
	HF_EXPECT_EQ(READ(0, 257, rig_data(whole)), -EMSGSIZE);
#undef READ
	HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig.ns, 0, 0, 0), -EINVAL);
	HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig.ns, end, 1, 0), -ERANGE);
	HF_EXPECT_EQ(nvme_dsm_range_set(&range, rig.ns, 0, 0), -EINVAL);
	HF_EXPECT_EQ(nvme_dsm_range_set(&range, rig.ns, end - 1, 2), -ERANGE);
	HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), rig.ns, 0, nothing), -EINVAL);
	HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), rig.ns, 257, nothing), -EMSGSIZE);
	HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), rig.ns, 2, rig_data(one)), -EINVAL);
	ns = *rig.ns;
	ns.can_deallocate = ns.can_write_zeroes = false;
	ns.blocks = 100000;
	HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), &ns, 0, 8, 0), -EOPNOTSUPP);
	HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), &ns, 1, nothing), -EOPNOTSUPP);
	ns.can_write_zeroes = true;
	HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), &ns, 0, 65537, 0), -EMSGSIZE);

	/* Queues that do not exist; a request without a done callback. */
	HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
	HF_EXPECT_EQ(nvme_submit(rig.ctrl, 0, &req), -ERANGE);
	HF_EXPECT_EQ(nvme_submit(rig.ctrl, 2, &req), -ERANGE);
	HF_EXPECT_EQ(nvme_submit(rig.ctrl, ~0u, &req), -ERANGE);
	hf_mut(req)->done = NULL;
	HF_EXPECT_EQ(nvme_submit(rig.ctrl, 1, &req), -EINVAL);
	HF_EXPECT(!hf_is_empty(req));
	HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 0);
	rig_stop(&rig);
}

HF_TEST(nvme_io, commands)
{
	struct tally tally = { .done = 0 };
	struct nvme_model_stats before;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	struct nvme_segment data[] = { rig_segment(&rig, 0, 8192) };
	struct nvme_segment back[] = { rig_segment(&rig, 8192, 8192) };
	struct nvme_segment ranges[] = { rig_segment(&rig, 16384, 32) };

	rig_fill(rig.buffer, 8192, 1);
	{
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_write(hf_mut(req), rig.ns, 100, 16, rig_data(data),
					     NVME_FUA), 0);
		before = rig_model_stats(&rig);
		HF_EXPECT_EQ(run(&rig, hf_move(req), &tally), 0);
		HF_EXPECT_EQ(rig_model_stats(&rig).flushes, before.flushes + 1);
	}
	HF_EXPECT(rig_is_filled(rig.disk + 100 * 512, 8192, 1));
	HF_EXPECT_EQ(rig.disk[100 * 512 - 1], 0xa5);
	HF_EXPECT_EQ(rig.disk[116 * 512], 0xa5);
	{
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_read(hf_mut(req), rig.ns, 100, 16, rig_data(back)), 0);
		HF_EXPECT_EQ(run(&rig, hf_move(req), &tally), 0);
	}
	HF_EXPECT(rig_is_filled(rig.buffer + 8192, 8192, 1));
	{
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
		before = rig_model_stats(&rig);
		HF_EXPECT_EQ(run(&rig, hf_move(req), &tally), 0);
		HF_EXPECT_EQ(rig_model_stats(&rig).flushes, before.flushes + 1);
	}
	{
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig.ns, 102, 4,
						    NVME_DEALLOCATE), 0);
		HF_EXPECT_EQ(run(&rig, hf_move(req), &tally), 0);
	}
	HF_EXPECT(rig_is_zero(rig.disk + 102 * 512, 4 * 512));
	HF_EXPECT(!rig_is_zero(rig.disk + 106 * 512, 512));
	HF_EXPECT(!rig_is_zero(rig.disk + 101 * 512, 512));
	{
		struct nvme_dsm_range range[2];

		HF_EXPECT_EQ(nvme_dsm_range_set(&range[0], rig.ns, 100, 1), 0);
		HF_EXPECT_EQ(nvme_dsm_range_set(&range[1], rig.ns, 110, 3), 0);
		memcpy(rig.buffer + 16384, range, sizeof(range));
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), rig.ns, 2, rig_data(ranges)), 0);
		HF_EXPECT_EQ(run(&rig, hf_move(req), &tally), 0);
	}
	HF_EXPECT(rig_is_zero(rig.disk + 100 * 512, 512));
	HF_EXPECT(rig_is_zero(rig.disk + 110 * 512, 3 * 512));
	HF_EXPECT(!rig_is_zero(rig.disk + 113 * 512, 512));
	HF_EXPECT_EQ(tally.failed, 0);
	rig_stop(&rig);
}

/* ---- PRPs ---- */

/* Write and read data in one segment, or in a segment for each page, in reverse order. */
static void layout(struct rig *rig, u32 offset, u32 len, bool scattered)
{
	static struct nvme_segment out[2049], in[2049];
	struct tally tally = { .done = 0 };
	const u32 blocks = len >> rig->ns->block_shift;
	u8 *shadow = malloc(len);
	u32 n = 0, at = 0;

	rig_fill(shadow, len, len + offset);
	memset(rig->buffer, 0, RIG_BUFFER);
	if (!scattered) {
		out[0] = rig_segment(rig, offset, len);
		in[0] = rig_segment(rig, RIG_BUFFER / 2 + offset, len);
		memcpy(rig->buffer + offset, shadow, len);
		n = 1;
	}
	/* A segment for each page, the last page first. */
	for (u32 page = (offset + len + RIG_PAGE - 1) / RIG_PAGE; scattered && at < len; n++) {
		u32 start = n ? 0 : offset;
		u32 piece = RIG_PAGE - start < len - at ? RIG_PAGE - start : len - at;

		page--;
		out[n] = rig_segment(rig, page * RIG_PAGE + start, piece);
		in[n] = rig_segment(rig, RIG_BUFFER / 2 + page * RIG_PAGE + start, piece);
		memcpy(rig->buffer + page * RIG_PAGE + start, shadow + at, piece);
		at += piece;
	}
	struct nvme_segment_cslice write = hf_expect(hf_array_subslice(nvme_segment_cslice, out, 0, n),
						     "n were filled");
	struct nvme_segment_cslice read = hf_expect(hf_array_subslice(nvme_segment_cslice, in, 0, n),
						    "n were filled");

	HF_EXPECT_EQ(rig_rw(rig, 1, true, 3, blocks, write, &tally), 0);
	HF_EXPECT(rig_wait(rig, &tally, 1));
	HF_EXPECT_EQ(memcmp(rig->disk + (3u << rig->ns->block_shift), shadow, len), 0);
	HF_EXPECT_EQ(rig_rw(rig, 1, false, 3, blocks, read, &tally), 0);
	HF_EXPECT(rig_wait(rig, &tally, 2));
	/* The other half has the same bytes, and no others changed. */
	HF_EXPECT_EQ(memcmp(rig->buffer, rig->buffer + RIG_BUFFER / 2, RIG_BUFFER / 2), 0);
	HF_EXPECT_EQ(tally.failed, 0);
	free(shadow);
}

/* By PRPs only, or with SGLs. */
static void layouts(bool sgls)
{
	static const struct {
		u32 offset, len;
	} v[] = {
		{ 0, 512 },		/* less than a page */
		{ 0, 4096 },		/* exactly one */
		{ 3584, 512 },		/* up to its end */
		{ 3584, 1024 },		/* across it */
		{ 2048, 4096 },		/* one page's bytes in two */
		{ 0, 8192 },		/* exactly two: PRP2 is the second */
		{ 4, 8192 },		/* the same bytes in three: a list of two */
		{ 0, 12288 },
		{ 4092, 8192 },
		{ 512, 128 << 10 },
		{ 0, 2 << 20 },		/* 512 pages: a list of 511 */
		{ 0, (2 << 20) + 4096 },	/* a list of 512, which fills its page */
		{ 8, (2 << 20) + 4096 },	/* 513, and so two parts */
		{ 0, (2 << 20) + 8192 },
		{ 0, (4 << 20) - 12288 },	/* 1021: the second part has 510 */
		{ 8, (4 << 20) - 12288 },
		{ 0, (4 << 20) - 8192 },	/* 1022, 1023: it is full */
		{ 0, (4 << 20) - 4096 },
		{ 2048, (4 << 20) - 4096 },	/* 1023 and a link */
	};
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.sgls = sgls;
	rig.model_config.mdts = 10;
	rig.config.max_transfer = 4 << 20;
	rig.config.entries = 4;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		layout(&rig, v[i].offset, v[i].len, false);
		layout(&rig, v[i].offset, v[i].len, true);
	}
	rig_stop(&rig);
}

HF_TEST(nvme_io, prp_layouts)
{
	layouts(false);
}

HF_TEST(nvme_io, sgl_layouts)
{
	layouts(true);
}

/* One segment of more than two pages uses an SGL, if the device supports it; all else uses PRPs. */
HF_TEST(nvme_io, sgl_or_prp)
{
	static const struct {
		bool sgls;
		u32 len;
		bool two;
		bool want;
	} v[] = {
		{ true, 4096, false, false },
		{ true, 8192, false, false },
		{ true, 12288, false, true },
		{ true, 12288, true, false },
		{ false, 12288, false, false },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		const u32 first = v[i].two ? RIG_PAGE : v[i].len;
		struct tally tally = { .done = 0 };
		struct nvme_segment data[2];
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.sgls = v[i].sgls;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(rig.ns->can_sgl, v[i].sgls);
		data[0] = rig_segment(&rig, 0, first);
		data[1] = rig_segment(&rig, 2 * RIG_PAGE, v[i].len - first);
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_write(hf_mut(req), rig.ns, 0, v[i].len >> 9,
					     hf_expect(hf_array_subslice(nvme_segment_cslice, data, 0,
									 v[i].two ? 2 : 1), "there are 2"),
					     0), 0);
		HF_EXPECT_EQ(NVME_FIELD((u32)hf_ref(req)->sqe.flags, NVME_SQE_PSDT),
			     v[i].want ? NVME_SQE_PSDT_SGL : NVME_SQE_PSDT_PRP);
		HF_EXPECT_EQ(rig_submit(&rig, 1, &req), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 1));
		HF_EXPECT_EQ(tally.failed, 0);
		rig_stop(&rig);
	}
}

/* The largest transfer, aligned and unaligned; one block more is rejected by the driver. */
HF_TEST(nvme_io, largest_transfers)
{
	static const u8 mdts[] = { 1, 2, 5, 9, 10 };

	for (size_t i = 0; i < HF_TEST_COUNT(mdts); i++) {
		const u32 len = RIG_PAGE << mdts[i];
		struct tally tally = { .done = 0 };
		struct nvme_segment more[1];
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.mdts = mdts[i];
		rig.config.max_transfer = 8 << 20;
		rig.config.entries = 3;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(nvme_ctrl_info(rig.ctrl)->max_transfer, len);
		if (len < RIG_BUFFER / 2)
			layout(&rig, 4092, len, true);
		layout(&rig, 0, len, false);
		more[0] = rig_segment(&rig, 0, len + 512);
		HF_EXPECT_EQ(rig_rw(&rig, 1, true, 0, (len >> 9) + 1, rig_data(more), &tally),
			     -EMSGSIZE);
		rig_stop(&rig);
	}
}

/* A request with more data than the device supports must not overflow the slot's PRP list. */
HF_TEST(nvme_io, prp_list_is_bounded)
{
	struct tally tally = { .done = 0 };
	struct nvme_namespace ns;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.sgls = false;
	rig.config.max_transfer = 16384;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	ns = *rig.ns;
	ns.max_blocks = 1024;
	/* The list has room for four pages, so five pages fit and six do not. */
	for (u32 pages = 128; pages >= 5; pages = pages == 128 ? 6 : pages - 1) {
		struct nvme_segment data[] = { rig_segment(&rig, 0, pages * RIG_PAGE) };
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_read(hf_mut(req), &ns, 0, pages * 8, rig_data(data)), 0);
		HF_EXPECT_EQ(nvme_submit(rig.ctrl, 1, &req), pages == 5 ? 0 : -EINVAL);
		HF_EXPECT_EQ(hf_is_empty(req), pages == 5);
		HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), pages == 5);
	}
	HF_EXPECT(rig_wait(&rig, &tally, 1));
	HF_EXPECT_EQ(tally.failed, 0);
	rig_stop(&rig);
}

/* ---- Rings ---- */

/* Many more commands than ring entries, with full queues; then read all back. */
static void wrap(struct rig *rig, unsigned int commands)
{
	static struct nvme_segment segments[4096][1];
	const unsigned int queues = nvme_ctrl_info(rig->ctrl)->queues;
	struct tally tally = { .done = 0 };
	const u32 size = 1u << rig->ns->block_shift;

	HF_ASSERT(commands <= 4096 && commands * size <= RIG_BUFFER / 2);
	for (u32 i = 0; i < commands; i++) {
		rig_fill(rig->buffer + i * size, size, i + commands);
		segments[i][0] = rig_segment(rig, i * size, size);
		HF_EXPECT_EQ(rig_rw(rig, 1 + i % queues, true, i, 1, rig_data(segments[i]),
				    &tally), 0);
	}
	HF_EXPECT(rig_wait(rig, &tally, commands));
	for (u32 i = 0; i < commands; i++) {
		HF_EXPECT(rig_is_filled(rig->disk + i * size, size, i + commands));
		segments[i][0] = rig_segment(rig, RIG_BUFFER / 2 + i * size, size);
		HF_EXPECT_EQ(rig_rw(rig, 1 + i % queues, false, i, 1, rig_data(segments[i]),
				    &tally), 0);
	}
	HF_EXPECT(rig_wait(rig, &tally, 2 * commands));
	for (u32 i = 0; i < commands; i++)
		HF_EXPECT(rig_is_filled(rig->buffer + RIG_BUFFER / 2 + i * size, size,
					i + commands));
	HF_EXPECT_EQ(tally.failed, 0);
	HF_EXPECT_EQ(rig_entries_rejected(rig), 0);
}

HF_TEST(nvme_io, wrap_around)
{
	static const u16 entries[] = { 2, 3, 4, 7, 64, 1000, 1024 };

	for (size_t i = 0; i < HF_TEST_COUNT(entries); i++) {
		for (u32 shuffle = 0; shuffle < 2; shuffle++) {
			struct rig rig = { .iommu = NULL };

			rig_init(&rig);
			rig.config.entries = entries[i];
			rig.config.queues = (u16)(1 + i % 3);
			rig.model_config.rate[NVME_MODEL_OUT_OF_ORDER] = shuffle * 300000;
			HF_EXPECT_EQ(rig_start(&rig), 0);
			HF_ASSERT(rig.ctrl);
			wrap(&rig, entries[i] < 64 ? 400 : 3000);
			rig_stop(&rig);
		}
	}
}

HF_TEST(nvme_io, back_pressure)
{
	static const u16 entries[] = { 2, 5, 1024 };

	for (size_t i = 0; i < HF_TEST_COUNT(entries); i++) {
		const unsigned int room = entries[i] - 1u;
		struct tally tally = { .done = 0 };
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.config.entries = entries[i];
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		nvme_model_hold(rig.model, true);
		for (int round = 1; round <= 3; round++) {
			hf_let(nvme_request, extra, rig_request(&tally));

			HF_EXPECT_EQ(nvme_prep_flush(hf_mut(extra), rig.ns), 0);
			for (unsigned int n = 0; n < room; n++) {
				hf_let(nvme_request, req, rig_request(&tally));

				HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
				HF_EXPECT_EQ(nvme_submit(rig.ctrl, 1, &req), 0);
				HF_EXPECT(hf_is_empty(req));
			}
			HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), room);
			HF_EXPECT_EQ(nvme_submit(rig.ctrl, 1, &extra), -EAGAIN);
			HF_EXPECT(!hf_is_empty(extra));
			HF_EXPECT(rig_holds(&rig, room));
			nvme_model_hold(rig.model, false);
			HF_EXPECT(rig_wait(&rig, &tally, room * (unsigned int)round));
			nvme_model_hold(rig.model, true);
			HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 0);
		}
		HF_EXPECT_EQ(tally.failed, 0);
		rig_stop(&rig);
	}
}

/* ---- Batches ---- */

/* Reap @n requests, without callbacks. */
static bool reap(struct rig *rig, unsigned int n)
{
	const u64 until = hf_sys_now_ms() + RIG_LONG_MS;
	struct nvme_requests done;
	unsigned int got = 0;

	nvme_requests_init(&done);
	while (got < n && hf_sys_now_ms() < until) {
		nvme_reap(rig->ctrl, 1, &done);
		while (!nvme_requests_empty(&done)) {
			hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(&done), "the list is not empty"));
			HF_EXPECT_EQ(hf_ref(req)->err, 0);
			got++;
		}
		rig_pass(rig, 1);
	}
	return got == n;
}

HF_TEST(nvme_io, enqueue_kick_reap)
{
	struct tally tally = { .done = 0 };
	struct nvme_requests none;
	struct rig rig = { .iommu = NULL };
	u64 fetched;

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	fetched = rig_model_stats(&rig).io_commands;
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < 3; i++) {
			hf_let(nvme_request, req, rig_request(&tally));
			HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
			HF_EXPECT_EQ(nvme_enqueue(rig.ctrl, 1, &req), 0);
			HF_EXPECT(hf_is_empty(req));
		}
		/* The device does not see them, however long it takes. */
		rig_pass(&rig, RIG_LONG_MS);
		HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 3);
		HF_EXPECT_EQ(rig_model_stats(&rig).io_commands, fetched);
		if (round == 0)
			nvme_kick(rig.ctrl, 1);
		if (round == 1)
			HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		if (round == 2) {
			hf_let(nvme_request, req, rig_request(&tally));
			HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
			HF_EXPECT_EQ(nvme_submit(rig.ctrl, 1, &req), 0);
		}
		HF_EXPECT(reap(&rig, round == 2 ? 4 : 3));
		fetched = rig_model_stats(&rig).io_commands;
		HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 0);
		nvme_kick(rig.ctrl, 1);
	}
	HF_EXPECT_EQ(tally.done, 0);
	HF_EXPECT_EQ(rig_stats(&rig).requeued, 3);
	HF_EXPECT_EQ(rig_stats(&rig).submitted, 10);
	HF_EXPECT_EQ(rig_stats(&rig).completed, 10);

	/* Queues that do not exist, and the admin queue, which belongs to the core. */
	nvme_kick(rig.ctrl, 7);
	nvme_requests_init(&none);
	nvme_reap(rig.ctrl, 0, &none);
	nvme_reap(rig.ctrl, 7, &none);
	HF_EXPECT(nvme_requests_empty(&none));
	rig_stop(&rig);
}

static void push_flush(struct rig *rig, struct nvme_requests *reqs, struct tally *tally, bool good)
{
	hf_let(nvme_request, req, rig_request(tally));

	HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig->ns), 0);
	if (!good)
		hf_mut(req)->done = NULL;
	nvme_requests_push_back(reqs, hf_move(req));
}

static unsigned int drop_all(struct nvme_requests *reqs)
{
	unsigned int n = 0;

	for (; !nvme_requests_empty(reqs); n++) {
		hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(reqs), "the list is not empty"));
	}
	return n;
}

/* A queue accepts the requests before the first one that it cannot accept. */
HF_TEST(nvme_io, submit_all)
{
	struct tally tally = { .done = 0 };
	struct nvme_requests reqs;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.config.entries = 8;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	nvme_requests_init(&reqs);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 1, &reqs), 0);

	/* As many as there are slots; the others keep their order and are submitted later. */
	nvme_model_hold(rig.model, true);
	for (unsigned int i = 0; i < 10; i++)
		push_flush(&rig, &reqs, &tally, true);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 1, &reqs), -EAGAIN);
	HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 7);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 1, &reqs), -EAGAIN);
	HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 7);
	nvme_model_hold(rig.model, false);
	HF_EXPECT(rig_wait(&rig, &tally, 7));
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 1, &reqs), 0);
	HF_EXPECT(nvme_requests_empty(&reqs));
	HF_EXPECT(rig_wait(&rig, &tally, 10));

	/* An invalid request: those before it are submitted, with the doorbell. */
	for (unsigned int i = 0; i < 4; i++)
		push_flush(&rig, &reqs, &tally, i != 2);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 1, &reqs), -EINVAL);
	HF_EXPECT(rig_wait(&rig, &tally, 12));
	HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 0);
	HF_EXPECT_EQ(drop_all(&reqs), 2);

	/* The admin queue, no such queue, and a closed queue accept nothing. */
	for (unsigned int i = 0; i < 2; i++)
		push_flush(&rig, &reqs, &tally, true);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 0, &reqs), -ERANGE);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 7, &reqs), -ERANGE);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, 1, &reqs), -ESHUTDOWN);
	HF_EXPECT_EQ(drop_all(&reqs), 2);
	HF_EXPECT_EQ(tally.done, 12);
	HF_EXPECT_EQ(tally.failed, 0);
	HF_EXPECT_EQ(rig_stats(&rig).submitted, 12);
	rig_stop(&rig);
}

/* ---- Status ---- */

HF_TEST(nvme_io, status)
{
	HF_EXPECT_EQ(nvme_status_to_errno(NVME_SC_SUCCESS), 0);
	HF_EXPECT_EQ(nvme_status_to_errno(NVME_SC_LBA_RANGE | NVME_STATUS_DNR), -ERANGE);
	HF_EXPECT_EQ(nvme_status_to_errno(NVME_SC_READ_ERROR), -ENODATA);
	HF_EXPECT_EQ(nvme_status_to_errno(NVME_SC_ABORT_REQUESTED), -ETIMEDOUT);
	/* Every other status is an error. */
	for (u32 status = 1; status <= NVME_STATUS_CODE; status++)
		HF_EXPECT(nvme_status_to_errno((u16)status) < 0);
	HF_EXPECT(nvme_status_to_errno(NVME_NO_STATUS) < 0);
}

/* An error of the device reaches the owner of the request, with its status. */
HF_TEST(nvme_io, device_error)
{
	struct tally tally = { .done = 0 };
	struct nvme_namespace ns;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	ns = *rig.ns;
	ns.blocks++;
	hf_let(nvme_request, req, rig_request(&tally));
	HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), &ns, rig.ns->blocks, 1, 0), 0);
	HF_EXPECT_EQ(run(&rig, hf_move(req), &tally), -ERANGE);
	HF_EXPECT_EQ(tally.status & NVME_STATUS_CODE, NVME_SC_LBA_RANGE);
	HF_EXPECT_EQ(rig_stats(&rig).failed, 1);
	/* The test made the driver submit an invalid command. */
	rig_expect_driver_errors(&rig, 1);
	rig_stop(&rig);
}

/* The limits that the controller says of its command set: the model counts what exceeds them as an error. */
HF_TEST(nvme_io, limits_of_deallocation)
{
	struct nvme_dsm_range *ranges;
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.dmrl = 3;
	rig.model_config.dmrsl = 100;
	rig.model_config.dmsl = 250;
	rig.model_config.wzsl = 2;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	HF_EXPECT_EQ(rig.ns->max_ranges, 3);
	HF_EXPECT_EQ(rig.ns->max_range_blocks, 100);
	HF_EXPECT_EQ(rig.ns->max_deallocate, 250);
	HF_EXPECT_EQ(rig.ns->max_zero_blocks, 32);
	ranges = (struct nvme_dsm_range *)rig.buffer;
	HF_EXPECT_EQ(nvme_dsm_range_set(&ranges[0], rig.ns, 0, 101), -EMSGSIZE);
	HF_EXPECT_EQ(nvme_dsm_range_set(&ranges[0], rig.ns, 0, 100), 0);
	HF_EXPECT_EQ(nvme_dsm_range_set(&ranges[1], rig.ns, 200, 100), 0);
	HF_EXPECT_EQ(nvme_dsm_range_set(&ranges[2], rig.ns, 400, 50), 0);
	{
		hf_let(nvme_request, req, rig_request(&tally));

		data[0] = rig_segment(&rig, 0, 4 * sizeof(*ranges));
		HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), rig.ns, 4, rig_data(data)), -EMSGSIZE);
		data[0] = rig_segment(&rig, 0, 3 * sizeof(*ranges));
		HF_EXPECT_EQ(nvme_prep_deallocate(hf_mut(req), rig.ns, 3, rig_data(data)), 0);
		HF_EXPECT_EQ(rig_submit(&rig, 1, &req), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 1));
	}
	HF_EXPECT_EQ(rig_model_stats(&rig).blocks_zeroed, 250);
	{
		hf_let(nvme_request, req, rig_request(&tally));

		HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig.ns, 600, 33, 0), -EMSGSIZE);
		HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig.ns, 600, 32, 0), 0);
		HF_EXPECT_EQ(rig_submit(&rig, 1, &req), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 2));
	}
	HF_EXPECT_EQ(tally.failed, 0);
	rig_stop(&rig);

	/* Without limits of its own. */
	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	HF_EXPECT_EQ(rig.ns->max_ranges, NVME_DSM_MAX_RANGES);
	HF_EXPECT_EQ(rig.ns->max_range_blocks, 0xffffffff);
	HF_EXPECT_EQ(rig.ns->max_zero_blocks, 65536);
	rig_stop(&rig);
}
