// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Time-outs, aborts, resets, fatal errors, and removal. */
#include "rig.h"

/* Submit @n Writes of a block each, which the model holds. */
static void start_held(struct rig *rig, struct nvme_segment (*data)[1], u32 n, struct tally *tally)
{
	const unsigned int queues = nvme_ctrl_info(rig->ctrl)->queues;

	nvme_model_hold(rig->model, true);
	for (u32 i = 0; i < n; i++) {
		rig_fill(rig->buffer + i * RIG_PAGE, 512, i);
		data[i][0] = rig_segment(rig, i * RIG_PAGE, 512);
		HF_EXPECT_EQ(rig_rw(rig, 1 + i % queues, true, i, 1, rig_data(data[i]), tally), 0);
	}
	HF_EXPECT(rig_holds(rig, n));
}

static void expect_written(const struct rig *rig, u32 n)
{
	for (u32 i = 0; i < n; i++)
		HF_EXPECT(rig_is_filled(rig->disk + i * 512, 512, i));
}

static void start_lost(struct rig *rig, u32 variant, struct nvme_segment (*data)[1],
		       struct tally *tally)
{
	(*data)[0] = rig_segment(rig, 0, 512);
	rig_inject(rig, NVME_MODEL_LOST_COMMAND, 1, NVME_IO_WRITE, 1, variant);
	HF_EXPECT_EQ(rig_rw(rig, 1, true, 0, 1, rig_data(*data), tally), 0);
	nvme_model_sync(rig->model);
	HF_EXPECT_EQ(rig_model_stats(rig).faults[NVME_MODEL_LOST_COMMAND], 1);
	HF_EXPECT_EQ(nvme_tick(rig->ctrl), 0);
	rig_pass(rig, rig->config.timeout_ms / 2);
	HF_EXPECT_EQ(nvme_tick(rig->ctrl), 0);
	rig_poll(rig);
	/* Without nvme_tick() nothing times out. */
	rig_pass(rig, rig->config.timeout_ms);
	rig_poll(rig);
	HF_EXPECT_EQ(tally->done, 0);
	HF_EXPECT_EQ(rig_stats(rig).timeouts, 0);
}

HF_TEST(nvme_recovery, lost_command_is_aborted)
{
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	start_lost(&rig, 1, &data, &tally);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	HF_EXPECT(rig_wait(&rig, &tally, 1));
	HF_EXPECT_EQ(tally.err, -ETIMEDOUT);
	HF_EXPECT_EQ(tally.status & NVME_STATUS_CODE, NVME_SC_ABORT_REQUESTED);
	HF_EXPECT_EQ(rig_stats(&rig).timeouts, 1);
	HF_EXPECT_EQ(rig_stats(&rig).aborts, 1);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 0);
	HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 0);
	rig_stop(&rig);
}

HF_TEST(nvme_recovery, failed_abort_resets)
{
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	rig_fill(rig.buffer, 512, 0);
	start_lost(&rig, 2, &data, &tally);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	/* The command may still complete, until abort_ms have passed. */
	HF_EXPECT_EQ(rig_stats(&rig).timeouts, 1);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 0);
	rig_pass(&rig, rig.config.abort_ms);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	HF_EXPECT(rig_wait(&rig, &tally, 1));
	HF_EXPECT_EQ(tally.failed, 0);
	expect_written(&rig, 1);
	HF_EXPECT_EQ(rig_stats(&rig).aborts, 0);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	HF_EXPECT_EQ(rig_stats(&rig).requeued, 1);
	rig_stop(&rig);
}

/* The Abort itself is lost. */
HF_TEST(nvme_recovery, lost_abort_resets)
{
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.config.admin_ms = 50;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	rig_inject(&rig, NVME_MODEL_LOST_COMMAND, 0, NVME_ADMIN_ABORT, 1, 0);
	rig_fill(rig.buffer, 512, 0);
	start_lost(&rig, 1, &data, &tally);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	HF_EXPECT(rig_wait(&rig, &tally, 1));
	HF_EXPECT_EQ(tally.failed, 0);
	expect_written(&rig, 1);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	rig_stop(&rig);
}

HF_TEST(nvme_recovery, reset_in_flight)
{
	static struct nvme_segment data[40][1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.config.queues = 4;
	rig.config.entries = 11;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	/* All queues are full at the reset. */
	start_held(&rig, data, 40, &tally);
	nvme_model_hold(rig.model, false);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT(rig_wait(&rig, &tally, 40));
	HF_EXPECT_EQ(tally.failed, 0);
	expect_written(&rig, 40);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	HF_EXPECT_EQ(rig_stats(&rig).submitted, 40);
	HF_EXPECT_EQ(rig_stats(&rig).completed, 40);
	rig_stop(&rig);
}

/* Commands that the device completed before a reset are not executed again. */
HF_TEST(nvme_recovery, reset_after_completion)
{
	static struct nvme_segment data[8][1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	start_held(&rig, data, 8, &tally);
	nvme_model_hold(rig.model, false);
	nvme_model_sync(rig.model);
	HF_EXPECT_EQ(tally.done, 0);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(tally.done, 8);
	HF_EXPECT_EQ(tally.failed, 0);
	HF_EXPECT_EQ(rig_stats(&rig).requeued, 0);
	expect_written(&rig, 8);
	rig_stop(&rig);
}

/* A command that each reset cancels ends after config.retries of them. */
HF_TEST(nvme_recovery, retries_are_bounded)
{
	static struct nvme_segment data[5][1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.config.retries = 2;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	start_held(&rig, data, 5, &tally);
	for (u32 i = 0; i < 2; i++) {
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT_EQ(tally.done, 0);
		HF_EXPECT(rig_holds(&rig, 5));
	}
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(tally.done, 5);
	HF_EXPECT_EQ(tally.failed, 5);
	HF_EXPECT_EQ(tally.err, -EIO);
	HF_EXPECT_EQ(tally.status, NVME_NO_STATUS);
	HF_EXPECT_EQ(rig_stats(&rig).requeued, 10);

	/* The queue works. */
	nvme_model_hold(rig.model, false);
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 0, 1, rig_data(data[0]), &tally), 0);
	HF_EXPECT(rig_wait(&rig, &tally, 6));
	HF_EXPECT_EQ(tally.failed, 5);
	rig_stop(&rig);
}

/* An error that may pass is no error of the request, unless it comes again and again. */
HF_TEST(nvme_recovery, errors_that_may_pass)
{
	static const struct {
		u16 status;
		u32 times, tries;
		int err;
	} v[] = {
		{ NVME_SC_NAMESPACE_NOT_READY, 1, 1, 0 },
		{ NVME_SC_INTERNAL, 4, 4, 0 },
		{ NVME_SC_READ_ERROR, 5, 4, -ENODATA },
		{ NVME_SC_INTERNAL | NVME_STATUS_DNR, 1, 0, -EIO },
		{ NVME_SC_READ_ERROR | NVME_STATUS_DNR, 1, 0, -ENODATA },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		static struct nvme_segment data[3][1];
		struct tally tally = { .done = 0 };
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.config.entries = 2 + (u16)i;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		nvme_model_fail(rig.model, v[i].status, v[i].times);
		data[0][0] = rig_segment(&rig, 0, 512);
		rig_fill(rig.buffer, 512, i);
		HF_EXPECT_EQ(rig_rw(&rig, 1, true, 3, 1, rig_data(data[0]), &tally), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 1));
		HF_EXPECT_EQ(tally.err, v[i].err);
		HF_EXPECT_EQ(tally.failed, v[i].err != 0);
		HF_EXPECT_EQ(rig_stats(&rig).retried, v[i].tries);
		HF_EXPECT_EQ(rig_stats(&rig).completed, 1);
		HF_EXPECT_EQ(rig_is_filled(rig.disk + 3 * 512, 512, i), !v[i].err);
		/* Nothing is left of it. */
		HF_EXPECT_EQ(nvme_in_flight(rig.ctrl, 1), 0);
		data[1][0] = rig_segment(&rig, 0, 512);
		HF_EXPECT_EQ(rig_rw(&rig, 1, true, 4, 1, rig_data(data[1]), &tally), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 2));
		HF_EXPECT_EQ(rig_stats(&rig).retried, v[i].tries);

		/* A reset comes before the driver has seen the error: the command is submitted by the reset. */
		nvme_model_fail(rig.model, NVME_SC_INTERNAL, 1);
		data[2][0] = rig_segment(&rig, 0, 512);
		HF_EXPECT_EQ(rig_rw(&rig, 1, true, 5, 1, rig_data(data[2]), &tally), 0);
		nvme_model_sync(rig.model);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT(rig_wait(&rig, &tally, 3));
		HF_EXPECT_EQ(tally.failed, v[i].err != 0);
		HF_EXPECT(rig_is_filled(rig.disk + 5 * 512, 512, i));
		rig_stop(&rig);
	}
}

/* A command that is to be tried once fails for an error that may pass, and for a reset. */
HF_TEST(nvme_recovery, tried_once)
{
	for (int reset = 0; reset < 2; reset++) {
		struct nvme_segment data[1];
		struct tally tally = { .done = 0 };
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		data[0] = rig_segment(&rig, 0, 512);
		nvme_model_hold(rig.model, reset);
		if (!reset)
			nvme_model_fail(rig.model, NVME_SC_INTERNAL, 1);
		{
			hf_let(nvme_request, req, rig_request(&tally));

			HF_EXPECT_EQ(nvme_prep_write(hf_mut(req), rig.ns, 3, 1, rig_data(data), 0), 0);
			hf_mut(req)->tries = NVME_TRY_ONCE;
			HF_EXPECT_EQ(rig_submit(&rig, 1, &req), 0);
		}
		if (reset) {
			HF_EXPECT(rig_holds(&rig, 1));
			HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
			nvme_model_hold(rig.model, false);
		}
		HF_EXPECT(rig_wait(&rig, &tally, 1));
		HF_EXPECT_EQ(tally.err, -EIO);
		HF_EXPECT_EQ(rig_stats(&rig).retried, 0);
		HF_EXPECT_EQ(rig_stats(&rig).requeued, 0);
		rig_stop(&rig);
	}
}

/* CSTS.CFS */
HF_TEST(nvme_recovery, fatal_error)
{
	static struct nvme_segment data[8][1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	start_held(&rig, data, 8, &tally);
	nvme_model_set_fatal(rig.model);
	nvme_model_hold(rig.model, false);
	nvme_model_sync(rig.model);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	HF_EXPECT(rig_wait(&rig, &tally, 8));
	HF_EXPECT_EQ(tally.failed, 0);
	expect_written(&rig, 8);
	rig_stop(&rig);
}

/* Registers read as all ones: DMA is disabled first, then the commands end. */
HF_TEST(nvme_recovery, device_removed)
{
	static struct nvme_segment data[8][1];
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	start_held(&rig, data, 8, &tally);
	hf_sys_write_once(&rig.removed, true);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), -ENODEV);
	HF_EXPECT_EQ(rig.dma_disabled, 1);
	HF_EXPECT_EQ(tally.done, 8);
	HF_EXPECT_EQ(tally.failed, 8);
	HF_EXPECT_EQ(tally.err, -ENODEV);
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 0, 1, rig_data(data[0]), &tally), -ENODEV);
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), -ENODEV);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), -ENODEV);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), -ENODEV);
	rig_poll(&rig);
	HF_EXPECT_EQ(tally.done, 8);
	HF_EXPECT_EQ(rig.dma_disabled, 1);
	rig_stop(&rig);
}

/* Invalid Identify data of a namespace after a reset, once and each time: it stays what it was. */
HF_TEST(nvme_recovery, invalid_identify_after_reset)
{
	for (u32 count = 1; count <= 1000; count += 999) {
		static struct nvme_segment data[3][1];
		struct tally tally = { .done = 0 };
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		start_held(&rig, data, 3, &tally);
		rig_inject(&rig, NVME_MODEL_INVALID_IDENTIFY, NVME_MODEL_ANY, NVME_MODEL_ANY, count,
			   NVME_MODEL_ID_NSZE_ZERO);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		nvme_model_hold(rig.model, false);
		HF_EXPECT(rig_wait(&rig, &tally, 3));
		HF_EXPECT_EQ(tally.failed, 0);
		HF_EXPECT(!rig.ns->gone);
		HF_EXPECT_EQ(rig_stats(&rig).protocol_errors[NVME_PROTO_ERR_IDENTIFY],
			     count == 1 ? 1 : 3);
		HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
		rig_stop(&rig);
	}
}

/* ---- Concurrency ---- */

struct worker {
	struct rig *rig;
	struct hf_test_thread thread;
	unsigned int queue;
	struct nvme_segment data[64][1];
	struct tally tally;
	bool *stop;
};

static void work(void *arg)
{
	struct worker *w = arg;
	const u32 base = w->queue * 64;

	rig_join_clock(w->rig);
	for (u32 n = 0; n < 600; n++) {
		const u32 i = base + n % 64;

		if (n % 64 == 0)
			HF_EXPECT(rig_wait(w->rig, &w->tally, n));
		rig_fill(w->rig->buffer + i * RIG_PAGE, 512, i);
		w->data[n % 64][0] = rig_segment(w->rig, i * RIG_PAGE, 512);
		HF_EXPECT_EQ(rig_rw(w->rig, w->queue, true, i, 1, rig_data(w->data[n % 64]),
				    &w->tally), 0);
	}
	HF_EXPECT(rig_wait(w->rig, &w->tally, 600));
	for (u32 i = base; i < base + 64; i++)
		HF_EXPECT(rig_is_filled(w->rig->disk + i * 512, 512, i));
}

static void disturb(void *arg)
{
	struct worker *w = arg;
	unsigned int n = 0;

	rig_join_clock(w->rig);
	do {
		HF_EXPECT_EQ(nvme_tick(w->rig->ctrl), 0);
		if (n++ % 4 == 0)
			HF_EXPECT_EQ(nvme_reset(w->rig->ctrl), 0);
		rig_pass(w->rig, 1);
	} while (!hf_sys_read_once(w->stop));
}

/* Two threads submit and poll, each on both queues, while a third resets. */
HF_TEST(nvme_recovery, resets_under_load)
{
	static struct worker workers[3];
	bool stop = false;
	struct rig rig = { .iommu = NULL };

	memset(workers, 0, sizeof(workers));
	rig_init(&rig);
	rig.config.queues = 2;
	rig.config.entries = 16;
	rig.config.retries = 255;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	for (unsigned int i = 0; i < 3; i++) {
		workers[i].rig = &rig;
		workers[i].queue = i + 1;
		workers[i].stop = &stop;
		hf_test_spawn(&workers[i].thread, i < 2 ? work : disturb, &workers[i]);
	}
	hf_test_join(&workers[0].thread);
	hf_test_join(&workers[1].thread);
	hf_sys_write_once(&stop, true);
	hf_test_join(&workers[2].thread);
	HF_EXPECT_EQ(workers[0].tally.failed + workers[1].tally.failed, 0);
	HF_EXPECT_EQ(rig_stats(&rig).completed, 1200);
	HF_EXPECT_EQ(rig_stats(&rig).submitted, 1200);
	HF_EXPECT(rig_stats(&rig).resets > 0);
	rig_stop(&rig);
}
