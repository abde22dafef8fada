// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Start and shutdown: variants of controllers, and what must be rejected. */
#include "rig.h"

/* Write and read back a pattern on each queue. */
static void expect_works(struct rig *rig)
{
	const u32 blocks = 8;
	const u32 len = blocks << rig->ns->block_shift;
	struct nvme_segment out[] = { rig_segment(rig, 0, len) };
	struct nvme_segment in[] = { rig_segment(rig, RIG_BUFFER / 2, len) };
	struct tally tally = { .done = 0 };
	unsigned int n = 0;

	if (blocks > rig->ns->max_blocks)
		return;
	for (unsigned int q = 1; q <= nvme_ctrl_info(rig->ctrl)->queues; q++) {
		rig_fill(rig->buffer, len, q);
		HF_EXPECT_EQ(rig_rw(rig, q, true, 16, blocks, rig_data(out), &tally), 0);
		HF_EXPECT(rig_wait(rig, &tally, ++n));
		HF_EXPECT_EQ(rig_rw(rig, q, false, 16, blocks, rig_data(in), &tally), 0);
		HF_EXPECT(rig_wait(rig, &tally, ++n));
		HF_EXPECT(rig_is_filled(rig->buffer + RIG_BUFFER / 2, len, q));
		HF_EXPECT(rig_is_filled(rig->disk + (16u << rig->ns->block_shift), len, q));
	}
	HF_EXPECT_EQ(tally.failed, 0);
}

HF_TEST(nvme_bringup, variants)
{
	static const struct {
		u8 dstrd;
		u32 mqes;
		u16 entries, want_entries;
		u16 asked, there, want_queues;
		u32 block;
		u8 mdts;
		u32 max_transfer, want_transfer;
	} v[] = {
		{ 0, 1024, 0, 128, 0, 8, 1, 512, 5, 0, 128 << 10 },
		{ 0, 1024, 1024, 1024, 4, 4, 4, 512, 5, 0, 128 << 10 },
		{ 2, 64, 0, 64, 2, 2, 2, 4096, 5, 0, 128 << 10 },
		{ 4, 16, 32, 16, 4, 1, 1, 512, 1, 0, 8192 },
		{ 10, 65536, 64, 64, 4, 2, 2, 4096, 3, 0, 32768 },
		{ 0, 2, 0, 2, 2, 2, 2, 512, 2, 0, 16384 },
		{ 0, 3, 1024, 3, 2, 2, 2, 512, 2, 0, 16384 },
		{ 1, 1024, 32, 32, 4, 8, 4, 512, 0, 1 << 20, 1 << 20 },
		{ 0, 1024, 32, 32, 1, 8, 1, 4096, 0, 4 << 20, 4 << 20 },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		const struct nvme_info *info;
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.dstrd = v[i].dstrd;
		rig.model_config.queue_entries = v[i].mqes;
		rig.model_config.queues = v[i].there;
		rig.model_config.block_size = v[i].block;
		rig.model_config.mdts = v[i].mdts;
		rig.config.entries = v[i].entries;
		rig.config.queues = v[i].asked;
		rig.config.max_transfer = v[i].max_transfer;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		info = nvme_ctrl_info(rig.ctrl);
		HF_EXPECT_EQ(info->queues, v[i].want_queues);
		HF_EXPECT_EQ(info->entries, v[i].want_entries);
		HF_EXPECT_EQ(info->max_transfer, v[i].want_transfer);
		HF_EXPECT_EQ(info->doorbell_stride, 4u << v[i].dstrd);
		HF_EXPECT_EQ(info->version, NVME_VS(1, 4, 0));
		HF_EXPECT_EQ(hf_len(nvme_ctrl_namespaces(rig.ctrl)), 1);
		HF_EXPECT_EQ(rig.ns->nsid, 1);
		HF_EXPECT_EQ(1u << rig.ns->block_shift, v[i].block);
		HF_EXPECT_EQ(rig.ns->blocks, RIG_DISK / v[i].block);
		HF_EXPECT_EQ(rig.ns->max_blocks, v[i].want_transfer / v[i].block);
		HF_EXPECT_STR_EQ(info->serial, "HF0000000001");
		HF_EXPECT_STR_EQ(info->model, "Holdfast NVMe model");
		expect_works(&rig);
		HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		HF_EXPECT_EQ(rig.errors, 0);
		rig_stop(&rig);
	}
}

/* Start controllers that were left enabled, or were shut down. */
HF_TEST(nvme_bringup, again)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig_start_model(&rig);
	for (int i = 0; i < 3; i++) {
		HF_EXPECT_EQ(rig_start_driver(&rig), 0);
		HF_ASSERT(rig.ctrl);
		expect_works(&rig);
		if (i)
			HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		rig_stop_driver(&rig);
	}
	rig_stop(&rig);
}

HF_TEST(nvme_bringup, interrupts)
{
	static const struct {
		u16 queues, poll_queues, want_poll_queues;
	} v[] = { { 4, 0, 0 }, { 4, 1, 1 }, { 4, 9, 3 }, { 1, 1, 0 } };

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.config.vectors = 3;
		rig.config.queues = v[i].queues;
		rig.config.poll_queues = v[i].poll_queues;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(nvme_ctrl_info(rig.ctrl)->queues, v[i].queues);
		HF_EXPECT_EQ(nvme_ctrl_info(rig.ctrl)->poll_queues, v[i].want_poll_queues);
		HF_EXPECT_EQ(nvme_ctrl_state(rig.ctrl), 0);
		expect_works(&rig);
		HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_ctrl_state(rig.ctrl), -ESHUTDOWN);
		rig_stop(&rig);
	}
}

HF_TEST(nvme_bringup, invalid_identify_is_rejected)
{
	for (u32 variant = NVME_MODEL_ID_NSZE_ZERO; variant < NVME_MODEL_ID_COUNT; variant++) {
		/* All ones: in the data of the controller, then of the namespace. */
		const u32 skips = variant == NVME_MODEL_ID_ONES ? 2 : 1;

		for (u32 skip = 0; skip < skips; skip++) {
			struct nvme_model_injection injection = {
				.fault = NVME_MODEL_INVALID_IDENTIFY,
				.sqid = NVME_MODEL_ANY,
				.opcode = NVME_MODEL_ANY,
				.skip = skip,
				.variant = variant,
			};
			struct rig rig = { .iommu = NULL };
			int err;

			rig_init(&rig);
			rig_start_model(&rig);
			HF_EXPECT_EQ(nvme_model_inject(rig.model, &injection), 0);
			err = rig_start_driver(&rig);
			HF_EXPECT_EQ(rig_model_stats(&rig).faults[NVME_MODEL_INVALID_IDENTIFY], 1);
			if (variant == NVME_MODEL_ID_STRINGS) {
				HF_EXPECT_EQ(err, 0);
				HF_ASSERT(rig.ctrl);
				for (const char *c = nvme_ctrl_info(rig.ctrl)->model; *c; c++)
					HF_EXPECT(*c >= ' ' && *c <= '~');
			} else {
				HF_EXPECT(err == -EPROTO || err == -EOPNOTSUPP);
				HF_EXPECT(rig.errors > 0);
				/* Only the buffer of the rig is mapped. */
				HF_EXPECT_EQ(hf_user_iommu_mappings(rig.iommu), 1);
			}
			rig_stop(&rig);
		}
	}
}

HF_TEST(nvme_bringup, never_ready)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.timeout = 2;
	rig.model_config.ready_delay_ms = 3600 * 1000;
	HF_EXPECT_EQ(rig_start(&rig), -ENODEV);
	rig_stop(&rig);
}

/* Controllers of 1.0 and 1.2, and one that does not list its namespaces. */
HF_TEST(nvme_bringup, older_controllers)
{
	static const struct {
		u32 version;
		bool no_list;
	} v[] = { { NVME_VS(1, 0, 0), false }, { NVME_VS(1, 2, 1), false }, { NVME_VS(1, 4, 0), true } };

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		const struct nvme_model_namespace two[] = {
			{ .nsid = 2, .block_size = 512, .blocks = 1024 },
			{ .nsid = 7, .block_size = 512, .offset = 1 << 20, .blocks = 64 },
		};
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.version = v[i].version;
		rig.model_config.no_list = v[i].no_list;
		rig.model_config.nn = 9;
		rig_start_model(&rig);
		HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, two, 2), 0);
		HF_EXPECT_EQ(rig_start_driver(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(hf_len(nvme_ctrl_namespaces(rig.ctrl)), 2);
		HF_EXPECT_EQ(rig.ns->nsid, 2);
		HF_EXPECT_EQ(hf_at(nvme_ctrl_namespaces(rig.ctrl), 1).nsid, 7);
		HF_EXPECT_EQ(rig.warnings, 0);
		HF_EXPECT_EQ(rig.errors, 0);
		expect_works(&rig);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT_EQ(rig.changes, 0);
		expect_works(&rig);
		rig_stop(&rig);
	}
}

/* A controller may take as long as it says, and its enabling or shutdown must not be cut short. */
HF_TEST(nvme_bringup, slow_to_get_ready)
{
	for (int by_crto = 0; by_crto < 2; by_crto++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.timeout = by_crto ? 1 : 40;
		rig.model_config.crwmt = by_crto ? 60 : 0;
		rig.model_config.ready_delay_ms = 20 * 1000 - 1;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(nvme_ctrl_info(rig.ctrl)->timeout_ms, by_crto ? 30000 : 20000);
		expect_works(&rig);
		rig_stop(&rig);
	}
}

/* Whoever used the controller before enabled it, or began to shut it down, at the last moment. */
HF_TEST(nvme_bringup, left_in_transition)
{
	const u32 enabled = NVME_PUT(NVME_CC_EN, 1u) | NVME_PUT(NVME_CC_IOSQES, (u32)NVME_SQE_SHIFT) |
			    NVME_PUT(NVME_CC_IOCQES, (u32)NVME_CQE_SHIFT);

	for (int shut = 0; shut < 3; shut++) {
		struct rig rig = { .iommu = NULL };
		const struct hf_user_io_ops *ops = &nvme_model_io_ops;

		rig_init(&rig);
		rig.model_config.ready_delay_ms = 3000;
		rig.model_config.shutdown_delay_ms = 9000;
		rig.model_config.rtd3e_us = 9000 * 1000;
		rig_start_model(&rig);
		ops->write(rig.model, NVME_REG_AQA, 4, 0x1f001f);
		ops->write(rig.model, NVME_REG_ASQ, 8, rig.buffer_addr);
		ops->write(rig.model, NVME_REG_ACQ, 8, rig.buffer_addr + RIG_PAGE);
		ops->write(rig.model, NVME_REG_CC, 4, enabled);
		if (shut) {
			/* When it is ready, or before. */
			if (shut == 1)
				nvme_model_sync(rig.model);
			rig_pass(&rig, 3000);
			ops->write(rig.model, NVME_REG_CC, 4,
				   enabled | NVME_PUT(NVME_CC_SHN, NVME_CC_SHN_NORMAL));
		}
		rig_pass(&rig, 1);
		/* rig_stop() finds what the model says of the driver. */
		HF_EXPECT_EQ(rig_start_driver(&rig), 0);
		HF_ASSERT(rig.ctrl);
		expect_works(&rig);
		rig_stop(&rig);
	}
}

HF_TEST(nvme_bringup, shutdown_takes_as_long_as_rtd3e_says)
{
	/* Not said, or less than config.shutdown_ms; longer than that; not as long as it takes. */
	static const struct {
		u32 rtd3e_s, takes_s;
		int want;
	} v[] = { { 0, 5, 0 }, { 2, 9, 0 }, { 0, 11, -ETIMEDOUT }, { 70, 69, 0 }, { 15, 16, -ETIMEDOUT } };

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		struct rig rig = { .iommu = NULL };
		u64 flushes;

		rig_init(&rig);
		rig.model_config.rtd3e_us = v[i].rtd3e_s * 1000000;
		rig.model_config.shutdown_delay_ms = v[i].takes_s * 1000;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		flushes = rig_model_stats(&rig).flushes;
		HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), v[i].want);
		HF_EXPECT_EQ(rig_model_stats(&rig).flushes, flushes + !v[i].want);
		rig_stop(&rig);
	}
}

HF_TEST(nvme_bringup, large_pages_only)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.page_shift_min = 13;
	rig.model_config.page_shift_max = 14;
	HF_EXPECT_EQ(rig_start(&rig), -EOPNOTSUPP);
	rig_stop(&rig);
}

HF_TEST(nvme_bringup, nobody_there)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.removed = true;
	HF_EXPECT_EQ(rig_start(&rig), -ENODEV);
	HF_EXPECT_EQ(rig.dma_disabled, 0);
	rig_stop(&rig);
}

HF_TEST(nvme_bringup, short_windows)
{
	struct rig rig = { .iommu = NULL };
	int err;

	/* Without the admin doorbells, without those of queue 1, and without the last one. */
	static const size_t len[] = { 0x1000, 0x1004, 0x1008, 0x1010, 0x1014 };
	static const int want[] = { -ENODEV, -ENODEV, -ERANGE, -ERANGE, -ERANGE };

	for (size_t i = 0; i < HF_TEST_COUNT(len); i++) {
		rig_init(&rig);
		rig_start_model(&rig);
		rig.config.queues = 2;
		/* SAFETY: this only shortens the window. */
		rig.config.io.len_ = len[i];
		err = rig_start_driver(&rig);
		HF_EXPECT_EQ(err, want[i]);
		HF_EXPECT_EQ(hf_user_iommu_mappings(rig.iommu), 1);
		rig_stop(&rig);
	}
}

HF_TEST(nvme_bringup, bad_config)
{
	struct rig rig = { .iommu = NULL };
	struct nvme_config good, c;

	rig_init(&rig);
	rig_start_model(&rig);
	good = rig.config;
#define REFUSED(field, value)								\
	do {										\
		c = good;								\
		c.field = (value);							\
		hf_test_escape(&c);							\
		const struct nvme_ctrl_own_result r = nvme_ctrl_start(&c);		\
											\
		HF_EXPECT_EQ(hf_errno(r), -EINVAL);					\
	} while (0)
	REFUSED(queues, NVME_MAX_QUEUES + 1);
	REFUSED(entries, 1);
	REFUSED(entries, NVME_MAX_ENTRIES + 1);
	REFUSED(max_transfer, NVME_MAX_TRANSFER + NVME_PAGE_SIZE);
	REFUSED(max_transfer, 5000);
	REFUSED(dev, NULL);
	REFUSED(ops, NULL);
#undef REFUSED
	rig_stop(&rig);
}

/* After a lost admin command or a fatal error the initialisation is repeated. */
HF_TEST(nvme_bringup, admin_faults)
{
	static const enum nvme_model_fault faults[] = {
		NVME_MODEL_LOST_COMMAND, NVME_MODEL_CONTROLLER_FATAL,
	};
	static const u32 opcodes[] = {
		NVME_ADMIN_IDENTIFY, NVME_ADMIN_SET_FEATURES,
		NVME_ADMIN_CREATE_CQ, NVME_ADMIN_CREATE_SQ,
	};

	for (size_t l = 0; l < HF_TEST_COUNT(faults); l++) {
		for (size_t o = 0; o < HF_TEST_COUNT(opcodes); o++) {
			struct rig rig = { .iommu = NULL };

			rig_init(&rig);
			rig.config.admin_ms = 30;
			rig.config.queues = 2;
			rig_start_model(&rig);
			rig_inject(&rig, faults[l], 0, opcodes[o], 1, 0);
			HF_EXPECT_EQ(rig_start_driver(&rig), 0);
			HF_ASSERT(rig.ctrl);
			HF_EXPECT_EQ(rig_model_stats(&rig).faults[faults[l]], 1);
			expect_works(&rig);
			rig_stop(&rig);

			/* But not for ever. */
			rig_init(&rig);
			rig.config.admin_ms = 30;
			rig_start_model(&rig);
			rig_inject(&rig, faults[l], 0, opcodes[o], 1000, 0);
			HF_EXPECT_EQ(rig_start_driver(&rig), -ETIMEDOUT);
			rig_stop(&rig);
		}
	}
}

static int start_and_stop(void *arg)
{
	struct rig *rig = arg;
	int err = rig_start_driver(rig);

	if (!err)
		rig_stop_driver(rig);
	HF_EXPECT_EQ(hf_user_iommu_mappings(rig->iommu), 1);
	return err;
}

HF_TEST(nvme_bringup, allocation_failures)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.config.queues = 2;
	rig_start_model(&rig);
	/*
	 * The controller, the vector of queues, two requests, two of a page; four for each of 3 queues; three
	 * of the vectors of namespaces.
	 */
	HF_EXPECT_EQ(hf_test_fail_each_alloc(start_and_stop, &rig), 6 + 3 * 4 + 3);
	rig_stop(&rig);
}

HF_TEST(nvme_bringup, shutdown)
{
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };
	u64 flushes;

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	expect_works(&rig);
	flushes = rig_model_stats(&rig).flushes;
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	HF_EXPECT_EQ(rig_model_stats(&rig).flushes, flushes + 1);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	{
		hf_let(nvme_request, req, rig_request(&tally));
		HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
		HF_EXPECT_EQ(nvme_submit(rig.ctrl, 1, &req), -ESHUTDOWN);
		HF_EXPECT(!hf_is_empty(req));
	}
	HF_EXPECT_EQ(nvme_poll(rig.ctrl, 1), 0);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), -ESHUTDOWN);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), -ESHUTDOWN);
	HF_EXPECT_EQ(tally.done, 0);
	rig_stop(&rig);
}

/* Shutdown waits for commands in flight, and cancels them after the time-out. */
HF_TEST(nvme_bringup, shutdown_in_flight)
{
	for (int stuck = 0; stuck < 2; stuck++) {
		struct nvme_segment data[1];
		struct tally tally = { .done = 0 };
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.config.shutdown_ms = stuck ? 20 : RIG_LONG_MS;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		data[0] = rig_segment(&rig, 0, 4096);
		nvme_model_hold(rig.model, true);
		for (u64 i = 0; i < 10; i++)
			HF_EXPECT_EQ(rig_rw(&rig, 1, true, i * 8, 8, rig_data(data), &tally), 0);
		HF_EXPECT(rig_holds(&rig, 10));
		if (!stuck)
			nvme_model_hold(rig.model, false);
		HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), stuck ? -ETIMEDOUT : 0);
		HF_EXPECT_EQ(tally.done, 10);
		HF_EXPECT_EQ(tally.failed, stuck ? 10 : 0);
		HF_EXPECT_EQ(tally.err, stuck ? -ESHUTDOWN : 0);
		rig_stop(&rig);
	}
}

/* Dropping a controller cancels its commands. */
HF_TEST(nvme_bringup, drop_in_flight)
{
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	data[0] = rig_segment(&rig, 0, 4096);
	nvme_model_hold(rig.model, true);
	for (u64 i = 0; i < 10; i++)
		HF_EXPECT_EQ(rig_rw(&rig, 1, true, i * 8, 8, rig_data(data), &tally), 0);
	rig_stop_driver(&rig);
	HF_EXPECT_EQ(tally.done, 10);
	HF_EXPECT_EQ(tally.failed, 10);
	HF_EXPECT_EQ(tally.err, -ESHUTDOWN);
	rig_stop(&rig);
}
