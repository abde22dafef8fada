// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* nvme_suspend() and nvme_resume() */
#include "rig.h"

#define BLOCKS	8u

static bool writes(struct rig *rig)
{
	struct nvme_segment data[] = { rig_segment(rig, 0, BLOCKS << rig->ns->block_shift) };
	struct tally tally = { .done = 0 };

	HF_EXPECT_EQ(rig_rw(rig, 1, true, 0, BLOCKS, rig_data(data), &tally), 0);
	return rig_wait(rig, &tally, 1) && !tally.failed;
}

static int submit_one(struct rig *rig, struct tally *tally)
{
	hf_let(nvme_request, req, rig_request(tally));

	HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig->ns), 0);
	return nvme_submit(rig->ctrl, 1, &req);
}

HF_TEST(nvme_suspend, again_and_again)
{
	struct rig rig = { .iommu = NULL };
	struct tally tally = { .done = 0 };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	for (unsigned int i = 1; i <= 3; i++) {
		const u64 flushes = rig_model_stats(&rig).flushes;
		struct nvme_command c = { .sqe = { .opcode = NVME_ADMIN_GET_FEATURES } };

		HF_EXPECT(writes(&rig));
		HF_EXPECT_EQ(nvme_suspend(rig.ctrl), 0);
		HF_EXPECT_EQ(rig_model_stats(&rig).flushes, flushes + 1);
		HF_EXPECT_EQ(nvme_suspend(rig.ctrl), 0);
		HF_EXPECT_EQ(submit_one(&rig, &tally), -EAGAIN);
		HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), -EAGAIN);
		HF_EXPECT_EQ(nvme_rescan(rig.ctrl), -EAGAIN);
		HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), -EAGAIN);
		HF_EXPECT_EQ(nvme_resume(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	}
	HF_EXPECT(writes(&rig));
	HF_EXPECT_EQ(rig.errors, 0);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_suspend(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_resume(rig.ctrl), -ESHUTDOWN);
	rig_stop(&rig);
}

/* Commands in flight are waited for; if they do not end, the machine does not sleep, and they are not lost. */
HF_TEST(nvme_suspend, in_flight)
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
		HF_EXPECT_EQ(nvme_suspend(rig.ctrl), stuck ? -ETIMEDOUT : 0);
		HF_EXPECT_EQ(tally.done, stuck ? 0 : 10);
		nvme_model_hold(rig.model, false);
		HF_EXPECT_EQ(nvme_resume(rig.ctrl), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 10));
		HF_EXPECT_EQ(tally.failed, 0);
		HF_EXPECT(writes(&rig));
		rig_stop(&rig);
	}
}

/* What ends while it sleeps. */
HF_TEST(nvme_suspend, and_then)
{
	for (int how = 0; how < 3; how++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(nvme_suspend(rig.ctrl), 0);
		if (how == 1)
			HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		if (how == 2) {
			rig.removed = true;
			HF_EXPECT_EQ(nvme_resume(rig.ctrl), -ENODEV);
			HF_EXPECT_EQ(nvme_tick(rig.ctrl), -ENODEV);
		}
		rig_stop(&rig);
	}
}
