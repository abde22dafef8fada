// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Features that the core sets: power states, memory of the host.  The model checks what it is given. */
#include "rig.h"

#define UNIT	4096u
#define MIB	(1u << 20)

static void write_and_read(struct rig *rig)
{
	struct nvme_segment out[] = { rig_segment(rig, 0, 4096) }, in[] = { rig_segment(rig, RIG_BUFFER / 2, 4096) };
	struct tally tally = { .done = 0 };

	rig_fill(rig->buffer, 4096, 3);
	HF_EXPECT_EQ(rig_rw(rig, 1, true, 8, 8, rig_data(out), &tally), 0);
	HF_EXPECT(rig_wait(rig, &tally, 1));
	HF_EXPECT_EQ(rig_rw(rig, 1, false, 8, 8, rig_data(in), &tally), 0);
	HF_EXPECT(rig_wait(rig, &tally, 2));
	HF_EXPECT_EQ(tally.failed, 0);
	HF_EXPECT(rig_is_filled(rig->buffer + RIG_BUFFER / 2, 4096, 3));
}

/* ---- Power states ---- */

static u64 enters(u32 state, u32 ms)
{
	return (u64)state << 3 | (u64)ms << 8;
}

static void expect_table(struct rig *rig, const u64 *want, u32 count)
{
	u64 table[32];

	nvme_model_power_table(rig->model, table);
	for (u32 i = 0; i < 32; i++)
		HF_EXPECT_EQ(table[i], i < count ? want[i] : 0);
}

/* Three states in which it works, and three in which it does not: of 15 and 50 ms, and of 200 ms. */
static void states(struct rig *rig)
{
	struct nvme_model_config *c = &rig->model_config;

	c->apst = true;
	c->power_states = 6;
	c->idle_states = 0x38;
	c->enter_us[3] = 5000, c->leave_us[3] = 10000;
	c->enter_us[4] = 20000, c->leave_us[4] = 30000;
	c->enter_us[5] = 110000, c->leave_us[5] = 90000;
	c->leave_us[1] = 10;
}

HF_TEST(nvme_features, power_states)
{
	const u64 soon = enters(3, 100), late = enters(4, 2000);
	const struct {
		u32 max_latency_us;
		u64 table[5];
	} v[] = {
		{ 100000, { soon, soon, soon, late, 0 } },
		{ 30000, { soon, soon, soon, late, 0 } },
		{ 29999, { soon, soon, soon, 0, 0 } },
		{ 9999, { 0 } },
		{ 0, { 0 } },
	};

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		states(&rig);
		rig.config.max_latency_us = v[i].max_latency_us;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(rig.errors, 0);
		expect_table(&rig, v[i].table, 5);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		expect_table(&rig, v[i].table, 5);
		HF_EXPECT_EQ(nvme_suspend(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_resume(rig.ctrl), 0);
		expect_table(&rig, v[i].table, 5);
		write_and_read(&rig);
		rig_stop(&rig);
	}
}

/* Of states that take the same time, or less in a deeper state, the deepest is entered. */
HF_TEST(nvme_features, power_states_alike)
{
	const u64 want[] = { enters(4, 100), enters(4, 100), enters(4, 100), enters(4, 100) };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	states(&rig);
	rig.model_config.power_states = 5;
	rig.model_config.enter_us[4] = rig.model_config.leave_us[4] = 10;
	rig.config.max_latency_us = 100000;
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	expect_table(&rig, want, 4);
	rig_stop(&rig);
}

/* All 32 states, the last one idle; one state; and a controller that enters none by itself. */
HF_TEST(nvme_features, power_states_of_all_kinds)
{
	for (u32 n = 0; n < 3; n++) {
		struct rig rig = { .iommu = NULL };
		u64 want[32] = { 0 };

		rig_init(&rig);
		rig.model_config.apst = n < 2;
		rig.model_config.power_states = n == 0 ? 32 : 1;
		rig.model_config.idle_states = 1u << 31;
		rig.config.max_latency_us = 100000;
		for (u32 i = 0; i < 31 && !n; i++)
			want[i] = enters(31, 100);
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(rig.errors, 0);
		expect_table(&rig, want, 32);
		rig_stop(&rig);
	}
}

/* ---- Memory of the host ---- */

HF_TEST(nvme_features, host_memory)
{
	/* In 4 KiB, but for the limit and what it gets, which are bytes. */
	static const struct {
		u32 hmpre, hmmin, hmminds;
		u16 hmmaxd;
		u64 limit, want;
	} v[] = {
		{ 0, 0, 0, 0, 64 * MIB, 0 },
		{ 256, 0, 0, 0, 0, 0 },
		{ 256, 16, 0, 0, 64 * MIB, MIB },
		{ 1025, 16, 0, 0, 64 * MIB, 4 * MIB },		/* a rest that is too small for a part */
		{ 4096, 16, 0, 8, 64 * MIB, 16 * MIB },
		{ 4096, 16, 0, 2, 64 * MIB, 8 * MIB },		/* two parts of 4 MiB */
		{ 4096, 4096, 2048, 0, 64 * MIB, 16 * MIB },	/* parts of 8 MiB */
		{ 4096, 16, 3, 0, 5 * MIB + 100, 5 * MIB },
		{ 4096, 2048, 0, 0, 5 * MIB, 0 },		/* less than it needs */
		{ 4096, 2560, 0, 2, 64 * MIB, 0 },		/* two parts are less than it needs */
	};

	for (size_t i = 0; i < HF_TEST_COUNT(v); i++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.hmpre = v[i].hmpre;
		rig.model_config.hmmin = v[i].hmmin;
		rig.model_config.hmminds = v[i].hmminds;
		rig.model_config.hmmaxd = v[i].hmmaxd;
		rig.config.max_host_memory = v[i].limit;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(rig.errors, 0);
		HF_EXPECT_EQ(rig.warnings, v[i].limit && v[i].hmpre && !v[i].want);
		HF_EXPECT_EQ(nvme_host_memory_size(rig.ctrl), v[i].want);
		HF_EXPECT_EQ(nvme_model_host_memory(rig.model), v[i].want);
		/* It is given back as it was: the model looks. */
		for (int again = 0; again < 2; again++) {
			HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
			HF_EXPECT_EQ(nvme_model_host_memory(rig.model), v[i].want);
		}
		HF_EXPECT_EQ(nvme_suspend(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_model_host_memory(rig.model), 0);
		HF_EXPECT_EQ(nvme_resume(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_model_host_memory(rig.model), v[i].want);
		write_and_read(&rig);
		if (i % 2)
			HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		rig_stop_driver(&rig);
		/* Only the buffer of the rig is mapped. */
		HF_EXPECT_EQ(hf_user_iommu_mappings(rig.iommu), 1);
		rig_stop(&rig);
	}
}

/* Set Features is lost: what the controller was given stays until it is disabled. */
HF_TEST(nvme_features, lost_commands)
{
	for (u32 skip = 0; skip < 4; skip++) {
		const struct nvme_model_injection lost = {
			.fault = NVME_MODEL_LOST_COMMAND, .sqid = 0, .opcode = NVME_ADMIN_SET_FEATURES, .skip = skip,
		};
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		states(&rig);
		rig.model_config.hmpre = 512;
		rig.config.max_host_memory = 8 * MIB;
		rig.config.max_latency_us = 100000;
		rig.config.admin_ms = 30;
		rig_start_model(&rig);
		HF_EXPECT_EQ(nvme_model_inject(rig.model, &lost), 0);
		HF_EXPECT_EQ(rig_start_driver(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(rig_model_stats(&rig).faults[NVME_MODEL_LOST_COMMAND], 1);
		HF_EXPECT_EQ(nvme_model_host_memory(rig.model), 2 * MIB);
		write_and_read(&rig);
		rig_stop(&rig);
	}
}

static int start_and_stop(struct rig *rig)
{
	int err = rig_start_driver(rig);

	if (!err) {
		HF_EXPECT(nvme_host_memory_size(rig->ctrl) <= 2 * MIB);
		rig_stop_driver(rig);
	}
	HF_EXPECT_EQ(hf_user_iommu_mappings(rig->iommu), 1);
	return err;
}

/*
 * Without memory for the host's memory the controller starts nevertheless.  The first allocations are those of a start
 * without it, with one queue (bringup.c); then come the vector of the parts, their list, and the part.
 */
HF_TEST(nvme_features, allocation_failures)
{
	const unsigned long others = 6 + 2 * 4 + 3;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.hmpre = 512;
	rig.config.max_host_memory = 8 * MIB;
	rig_start_model(&rig);
	for (unsigned long nth = others - 1; nth <= others + 3; nth++) {
		const size_t live = hf_test_live();

		hf_test_fail_alloc(nth);
		HF_EXPECT_EQ(start_and_stop(&rig), nth <= others ? -ENOMEM : 0);
		hf_test_fail_alloc(0);
		HF_EXPECT_EQ(hf_test_live(), live);
	}
	rig_stop(&rig);
}
