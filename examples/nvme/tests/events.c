// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Asynchronous events: namespaces that come, go and grow while they are used; warnings. */
#include "rig.h"

#define BLOCK		512u
#define PART		(1u << 20)	/* bytes of a namespace */

static struct nvme_model_namespace part(u32 nsid, u32 blocks)
{
	return (struct nvme_model_namespace){
		.nsid = nsid, .block_size = BLOCK, .offset = (u64)(nsid - 1) * PART, .blocks = blocks,
	};
}

/* The model has these namespaces from now on. */
static void have(struct rig *rig, const struct nvme_model_namespace *all, size_t n)
{
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig->model, all, n), 0);
	nvme_model_sync(rig->model);
}

/* The driver listens. */
static void listen(struct rig *rig)
{
	nvme_model_sync(rig->model);
	nvme_poll(rig->ctrl, 0);
	HF_EXPECT_EQ(nvme_tick(rig->ctrl), 0);
	nvme_model_sync(rig->model);
}

/* The model tells, and the driver listens. */
static void tell(struct rig *rig, u8 type, u8 info, u8 lid, u8 warning)
{
	HF_EXPECT_EQ(nvme_model_event(rig->model, type, info, lid, warning), 0);
	listen(rig);
}

static void tell_changed(struct rig *rig)
{
	tell(rig, NVME_EVENT_NOTICE, NVME_EVENT_NAMESPACES, NVME_LOG_NAMESPACES, 0);
}

static const struct nvme_namespace *nth(const struct rig *rig, size_t i)
{
	return &hf_at(nvme_ctrl_namespaces(rig->ctrl), i);
}

/* Write a block of a namespace: 0, or the error. */
static int write_block(struct rig *rig, const struct nvme_namespace *ns, u64 lba)
{
	struct nvme_segment data[] = { rig_segment(rig, 0, BLOCK) };
	struct tally tally = { .done = 0 };

	rig->ns = ns;
	hf_try_errno(rig_rw(rig, 1, true, lba, 1, rig_data(data), &tally));
	HF_EXPECT(rig_wait(rig, &tally, 1));
	return tally.failed ? tally.err : 0;
}

HF_TEST(nvme_events, namespaces)
{
	const struct nvme_model_namespace at_first[] = { part(1, 8), part(2, 8) };
	const struct nvme_model_namespace more[] = { part(1, 8), part(2, 16), part(4, 8) };
	const struct nvme_model_namespace less[] = { part(2, 16), part(4, 8) };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.nn = 8;
	rig_start_model(&rig);
	have(&rig, at_first, 2);
	HF_EXPECT_EQ(rig_start_driver(&rig), 0);
	HF_ASSERT(rig.ctrl);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 1), 8), -ERANGE);

	/* One grows, one comes, with a command in flight. */
	struct nvme_segment data[] = { rig_segment(&rig, 0, BLOCK) };
	struct tally tally = { .done = 0 };

	rig.ns = nth(&rig, 0);
	nvme_model_hold(rig.model, true);
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 0, 1, rig_data(data), &tally), 0);
	have(&rig, more, 3);
	tell_changed(&rig);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(tally.done, 0);
	nvme_model_hold(rig.model, false);
	HF_EXPECT(rig_wait(&rig, &tally, 1));
	HF_EXPECT_EQ(tally.failed, 0);
	HF_EXPECT_EQ(hf_len(nvme_ctrl_namespaces(rig.ctrl)), 3);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 1), 8), 0);
	HF_EXPECT_EQ(nth(&rig, 2)->nsid, 4);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 2), 0), 0);

	/* One goes. */
	have(&rig, less, 2);
	tell_changed(&rig);
	HF_EXPECT_EQ(rig.changes, 2);
	HF_EXPECT(nth(&rig, 0)->gone);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 0), 0), -ENXIO);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 2), 0), 0);

	/* Nothing changed. */
	tell_changed(&rig);
	HF_EXPECT_EQ(rig.changes, 2);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 0);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	rig_stop(&rig);
}

HF_TEST(nvme_events, rescan_by_hand)
{
	const struct nvme_model_namespace at_first[] = { part(1, 8) };
	const struct nvme_model_namespace more[] = { part(1, 8), part(2, 16) };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.nn = 8;
	rig_start_model(&rig);
	have(&rig, at_first, 1);
	HF_EXPECT_EQ(rig_start_driver(&rig), 0);
	HF_ASSERT(rig.ctrl);
	have(&rig, more, 2);
	HF_EXPECT_EQ(nvme_rescan(rig.ctrl), 0);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 1), 0), 0);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 0);

	/* A controller that does not answer is reset. */
	rig_inject(&rig, NVME_MODEL_LOST_COMMAND, 0, NVME_ADMIN_IDENTIFY, 1, 0);
	HF_EXPECT_EQ(nvme_rescan(rig.ctrl), 0);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	HF_EXPECT_EQ(write_block(&rig, nth(&rig, 1), 0), 0);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_rescan(rig.ctrl), -ESHUTDOWN);
	rig_stop(&rig);
}

/* Each is logged once, also after a reset, and any that the core does not know does no harm. */
HF_TEST(nvme_events, warnings)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	for (unsigned int i = 1; i <= 3; i++) {
		tell(&rig, NVME_EVENT_HEALTH, 1, NVME_LOG_SMART, 0x02);
		HF_EXPECT_EQ(rig.warnings, i);
		HF_EXPECT_EQ(rig.warned, 0x02);
	}
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	tell(&rig, NVME_EVENT_ERROR, 3, NVME_LOG_ERROR, 0);
	HF_EXPECT_EQ(rig.warnings, 4);
	HF_EXPECT_EQ(rig.warned, 3);
	for (unsigned int type = 0; type < 8; type++) {
		for (unsigned int info = 0; info < 256; info += 15) {
			/* Some wait for ever, for a log page that is not read. */
			(void)nvme_model_event(rig.model, (u8)type, (u8)info, (u8)(info * 7), 0);
			listen(&rig);
		}
	}
	HF_EXPECT_EQ(write_block(&rig, rig.ns, 0), 0);
	HF_EXPECT_EQ(rig.errors, 0);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	rig_stop(&rig);
}

/* One event in each tick, however many come. */
HF_TEST(nvme_events, flood)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	for (unsigned int i = 0; i < 9; i++) {
		HF_EXPECT_EQ(nvme_model_event(rig.model, NVME_EVENT_HEALTH, 0, NVME_LOG_SMART, 1), 0);
		/* The first one is told. */
		nvme_model_sync(rig.model);
	}
	HF_EXPECT_EQ(nvme_model_event(rig.model, NVME_EVENT_HEALTH, 0, NVME_LOG_SMART, 1), -ENOSPC);
	for (unsigned int i = 1; i <= 9; i++) {
		listen(&rig);
		HF_EXPECT_EQ(rig.warnings, i);
	}
	rig_stop(&rig);
}

/* The device keeps the page that the log was to be read into: a reset takes it back. */
HF_TEST(nvme_events, log_that_is_lost)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	rig_inject(&rig, NVME_MODEL_LOST_COMMAND, 0, NVME_ADMIN_GET_LOG_PAGE, 1, 0);
	tell(&rig, NVME_EVENT_HEALTH, 1, NVME_LOG_SMART, 0x02);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	HF_EXPECT_EQ(write_block(&rig, rig.ns, 0), 0);
	tell(&rig, NVME_EVENT_HEALTH, 1, NVME_LOG_SMART, 0x02);
	HF_EXPECT_EQ(rig.warned, 0x02);
	rig_stop(&rig);
}
