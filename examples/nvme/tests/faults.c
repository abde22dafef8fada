// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Fault injection: each faulty entry is rejected and counted, and has no other effect. */
#include "rig.h"

#define BLOCK	512u

/*
 * Random Reads, Writes and Write Zeroes, one at a time on each block.  The test knows the content
 * of each block, and compares the data after each completion.
 */
#define JOBS	96u

struct job {
	struct rig *rig;
	struct tally tally;
	struct nvme_segment data[1];
	u64 seed;		/* of the block's content; 0: zeroes */
	u64 next;
	enum { JOB_IDLE, JOB_READ, JOB_WRITE, JOB_ZERO } what;
	bool submitted;
	unsigned int queue;
};

static u8 *job_buffer(const struct job *j, u32 i)
{
	return j->rig->buffer + i * RIG_PAGE;
}

static void job_choose(struct job *j, struct hf_test_random *random)
{
	j->what = JOB_READ + hf_test_random(random) % 3;
	j->next = j->what == JOB_WRITE ? hf_test_random(random) | 1 : 0;
}

/* -EAGAIN while the queue is full: the caller polls, and calls nvme_tick() for some faults. */
static int job_submit(struct job *j, u32 i)
{
	struct rig *rig = j->rig;
	hf_let(nvme_request, req, rig_request(&j->tally));

	j->data[0] = rig_segment(rig, i * RIG_PAGE, BLOCK);
	switch (j->what) {
	case JOB_READ:
		memset(job_buffer(j, i), 0x5a, BLOCK);
		hf_try_errno(nvme_prep_read(hf_mut(req), rig->ns, i, 1, rig_data(j->data)));
		break;
	case JOB_WRITE:
		rig_fill(job_buffer(j, i), BLOCK, j->next);
		hf_try_errno(nvme_prep_write(hf_mut(req), rig->ns, i, 1, rig_data(j->data), 0));
		break;
	default:
		hf_try_errno(nvme_prep_write_zeroes(hf_mut(req), rig->ns, i, 1, 0));
		break;
	}
	/* run_jobs() calls nvme_kick(). */
	if (i % 2)
		return nvme_enqueue(rig->ctrl, j->queue, &req);
	return nvme_submit(rig->ctrl, j->queue, &req);
}

static bool job_is(const u8 *p, u64 seed)
{
	return seed ? rig_is_filled(p, BLOCK, seed) : rig_is_zero(p, BLOCK);
}

/* Check a completed job; false if it was aborted and must be repeated. */
static bool job_end(struct job *j, u32 i)
{
	const bool aborted = j->tally.failed && j->tally.err == -ETIMEDOUT;

	HF_EXPECT_EQ(j->tally.done, 1);
	HF_EXPECT(!j->tally.failed || (aborted && j->rig->timeouts));
	if (j->what == JOB_READ && !j->tally.failed)
		HF_EXPECT(job_is(job_buffer(j, i), j->seed));
	if (j->what != JOB_READ && !j->tally.failed)
		j->seed = j->next;
	/* The buffer belongs to the test again: a device that still reads it gets garbage. */
	memset(job_buffer(j, i), 0xee, BLOCK);
	j->tally = (struct tally){ .done = 0 };
	j->submitted = false;
	return !aborted;
}

static void run_jobs(struct rig *rig, unsigned int commands, u64 seed)
{
	static struct job jobs[JOBS];
	struct hf_test_random random = { seed };
	unsigned int started = 0, ended = 0, idle = 0;

	memset(jobs, 0, sizeof(jobs));
	memset(rig->disk, 0, JOBS * BLOCK);
	for (u32 i = 0; i < JOBS; i++) {
		jobs[i].rig = rig;
		jobs[i].queue = 1 + i % nvme_ctrl_info(rig->ctrl)->queues;
	}
	while (ended < commands) {
		bool did = rig_poll(rig) != 0;

		for (u32 i = 0; i < JOBS; i++) {
			struct job *j = &jobs[i];
			int err;

			if (j->tally.done && job_end(j, i)) {
				j->what = JOB_IDLE;
				ended++;
			}
			if (j->what == JOB_IDLE && started < commands) {
				job_choose(j, &random);
				started++;
			}
			if (j->what == JOB_IDLE || j->submitted)
				continue;
			err = job_submit(j, i);
			HF_EXPECT(!err || err == -EAGAIN);
			j->submitted = !err;
			did |= !err;
		}
		for (u16 q = 1; q <= nvme_ctrl_info(rig->ctrl)->queues; q++)
			nvme_kick(rig->ctrl, q);
		idle = did ? 0 : idle + 1;
		if (!did)
			rig_pass(rig, 1);
		/* Nothing completes any more: let the commands time out. */
		if (idle > 5 && rig->timeouts) {
			HF_EXPECT_EQ(nvme_tick(rig->ctrl), 0);
			rig_pass(rig, rig->config.timeout_ms / 2 + 1);
		}
		if (idle > 1000) {
			hf_test_fail_(__FILE__, __LINE__, "%u of %u commands are done", ended,
				      commands);
			return;
		}
	}
	for (u32 i = 0; i < JOBS; i++)
		HF_EXPECT(job_is(rig->disk + i * BLOCK, jobs[i].seed));
}

/* Process faulty entries behind the last valid one, too. */
static void expect_all_rejected(struct rig *rig)
{
	const u64 until = hf_sys_now_ms() + RIG_LONG_MS;

	while (rig_entries_rejected(rig) != rig_faults_injected(rig) && hf_sys_now_ms() < until)
		if (!rig_poll(rig))
			rig_pass(rig, 1);
	HF_EXPECT_EQ(rig_entries_rejected(rig), rig_faults_injected(rig));
}

static void expect_fault_rejected(enum nvme_model_fault fault, u16 entries, u16 queues)
{
	struct nvme_stats stats;
	struct rig rig = { .iommu = NULL };
	u64 injected;

	rig_init(&rig);
	rig.config.entries = entries;
	rig.config.queues = queues;
	rig.model_config.rate[fault] = 300000;
	rig.model_config.seed = (u64)fault * 1000 + entries;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	run_jobs(&rig, 1500, fault);
	expect_all_rejected(&rig);
	injected = rig_model_stats(&rig).faults[fault];
	stats = rig_stats(&rig);
	/* A fault without room or history is not injected, as in rings of 2 or 1024 entries. */
	HF_EXPECT(injected > 100 || entries != 7);
	HF_EXPECT_EQ(stats.completed, 1500);
	HF_EXPECT_EQ(stats.failed, 0);
	HF_EXPECT_EQ(stats.resets, 0);
	switch (fault) {
	case NVME_MODEL_UNKNOWN_CID:
		/*
		 * An identifier that the device has not seen may be in flight in the driver, if the
		 * device has not fetched the command yet.  Then the SQ head is invalid.
		 */
		HF_EXPECT_EQ(stats.protocol_errors[NVME_PROTO_ERR_UNKNOWN_CID] +
			     stats.protocol_errors[NVME_PROTO_ERR_STALE_CID] +
			     stats.protocol_errors[NVME_PROTO_ERR_BAD_SQHD], injected);
		break;
	case NVME_MODEL_REPEATED_CID:
	case NVME_MODEL_STALE_CID:
	case NVME_MODEL_EARLY_PHASE:
		HF_EXPECT_EQ(stats.protocol_errors[NVME_PROTO_ERR_STALE_CID], injected);
		break;
	case NVME_MODEL_WRONG_SQID:
		HF_EXPECT_EQ(stats.protocol_errors[NVME_PROTO_ERR_WRONG_SQID], injected);
		break;
	case NVME_MODEL_BAD_SQHD:
		HF_EXPECT_EQ(stats.protocol_errors[NVME_PROTO_ERR_BAD_SQHD], injected);
		break;
	case NVME_MODEL_RESERVED_STATUS:
		HF_EXPECT_EQ(stats.protocol_errors[NVME_PROTO_ERR_RESERVED_STATUS], injected);
		break;
	case NVME_MODEL_TORN_ENTRY:
		HF_EXPECT_EQ(stats.protocol_errors[NVME_PROTO_ERR_TORN] +
			     stats.protocol_errors[NVME_PROTO_ERR_STALE_CID], injected);
		break;
	default:
		HF_EXPECT_EQ(rig_entries_rejected(&rig), 0);
		break;
	}
	rig_stop(&rig);
}

#define FAULT_TEST(name, fault)								\
	HF_TEST(nvme_faults, name)							\
	{										\
		expect_fault_rejected(fault, 2, 1);						\
		expect_fault_rejected(fault, 7, 2);						\
		expect_fault_rejected(fault, 1024, 4);					\
	}										\
	struct nvme_stats

FAULT_TEST(unknown_cid, NVME_MODEL_UNKNOWN_CID);
FAULT_TEST(repeated_cid, NVME_MODEL_REPEATED_CID);
FAULT_TEST(stale_cid, NVME_MODEL_STALE_CID);
FAULT_TEST(wrong_sqid, NVME_MODEL_WRONG_SQID);
FAULT_TEST(bad_sqhd, NVME_MODEL_BAD_SQHD);
FAULT_TEST(early_phase, NVME_MODEL_EARLY_PHASE);
FAULT_TEST(late_phase, NVME_MODEL_LATE_PHASE);
FAULT_TEST(garbage_status, NVME_MODEL_RESERVED_STATUS);
FAULT_TEST(torn_entry, NVME_MODEL_TORN_ENTRY);
FAULT_TEST(out_of_order, NVME_MODEL_OUT_OF_ORDER);

/* An SQ head within the ring that has not passed the command. */
HF_TEST(nvme_faults, sqhd_before_the_command)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.config.entries = 9;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	rig_inject(&rig, NVME_MODEL_BAD_SQHD, NVME_MODEL_ANY, NVME_MODEL_ANY, 500, 2);
	run_jobs(&rig, 1500, 77);
	expect_all_rejected(&rig);
	HF_EXPECT_EQ(rig_stats(&rig).protocol_errors[NVME_PROTO_ERR_BAD_SQHD],
		     rig_faults_injected(&rig));
	HF_EXPECT(rig_faults_injected(&rig) > 100);
	rig_stop(&rig);
}

/* All faults, on the admin queue, too. */
HF_TEST(nvme_faults, together)
{
	for (u64 seed = 0; seed < 4; seed++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.config.entries = (u16)(8u << seed);
		rig.config.queues = 3;
		rig.model_config.seed = seed;
		rig.model_config.admin_faults = true;
		for (unsigned int fault = 0; fault <= NVME_MODEL_OUT_OF_ORDER; fault++)
			if (nvme_model_fault_rejectable(fault) || fault == NVME_MODEL_LATE_PHASE ||
			    fault == NVME_MODEL_OUT_OF_ORDER)
				rig.model_config.rate[fault] = 60000;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		run_jobs(&rig, 4000, seed);
		expect_all_rejected(&rig);
		HF_EXPECT(rig_faults_injected(&rig) > 1000);
		HF_EXPECT_EQ(rig_stats(&rig).failed, 0);
		HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		rig_stop(&rig);
	}
}

/* With faults that need an Abort or a reset: no command is lost, no data is corrupt. */
HF_TEST(nvme_faults, together_with_timeouts)
{
	for (u64 seed = 0; seed < 3; seed++) {
		struct nvme_stats stats;
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.config.entries = 32;
		rig.config.queues = 2;
		rig.config.retries = 255;
		rig.model_config.seed = seed;
		for (unsigned int fault = 0; fault <= NVME_MODEL_OUT_OF_ORDER; fault++)
			rig.model_config.rate[fault] = 20000;
		rig.timeouts = true;
		rig.model_config.rate[NVME_MODEL_LOST_COMMAND] = 2000;
		rig.model_config.rate[NVME_MODEL_CONTROLLER_FATAL] = 2000;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		run_jobs(&rig, 3000, seed);
		stats = rig_stats(&rig);
		HF_EXPECT_EQ(stats.completed - stats.failed, 3000);
		HF_EXPECT_EQ(stats.completed, stats.submitted);
		HF_EXPECT(stats.resets > 0);
		HF_EXPECT(stats.requeued > 0);
		/* A reset discards entries that were not processed. */
		HF_EXPECT(rig_entries_rejected(&rig) <= rig_faults_injected(&rig));
		rig_stop(&rig);
	}
}
