// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a namespace may be besides plain blocks: with protection information, read-only, with advice. */
#include "rig.h"

#define BLOCKS	1024u

static void start(struct rig *rig, const struct nvme_model_namespace *is)
{
	rig_init(rig);
	rig_start_model(rig);
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig->model, is, 1), 0);
	HF_EXPECT_EQ(rig_start_driver(rig), 0);
	HF_ASSERT(rig->ctrl);
}

/* Submit a request that was prepared: its error. */
static int execute(struct rig *rig, struct nvme_request_own given)
{
	hf_let(nvme_request, req, given);
	struct tally *tally = hf_ref(req)->ctx;

	HF_EXPECT_EQ(rig_submit(rig, 1, &req), 0);
	HF_EXPECT(rig_wait(rig, tally, 1));
	return tally->err;
}

static int rw(struct rig *rig, bool write, u64 lba, u32 blocks, size_t at)
{
	struct nvme_segment data[] = { rig_segment(rig, at, blocks << rig->ns->block_shift) };
	struct tally tally = { .done = 0 };

	HF_EXPECT_EQ(rig_rw(rig, 1, write, lba, blocks, rig_data(data), &tally), 0);
	HF_EXPECT(rig_wait(rig, &tally, 1));
	return tally.err;
}

static int zero(struct rig *rig, u64 lba, u32 blocks)
{
	struct tally tally = { .done = 0 };

	hf_let(nvme_request, req, rig_request(&tally));
	HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig->ns, lba, blocks, 0), 0);
	return execute(rig, hf_move(req));
}

static u32 cdw12(const struct nvme_request *req)
{
	return hf_accept_any(hf_from_le(req->sqe.cdw12));
}

/* The controller makes and checks it.  The model says what it finds wrong as a driver error. */
HF_TEST(nvme_namespaces, protection_information)
{
	for (u8 type = 1; type <= 3; type++) {
		const struct nvme_model_namespace is = {
			.nsid = 1, .block_size = 512, .blocks = BLOCKS, .metadata = 8, .protection = type,
		};
		const u32 reference = type == 3 ? 0 : NVME_RW_CHECK_REFERENCE;
		struct rig rig = { .iommu = NULL };
		struct tally tally = { .done = 0 };

		start(&rig, &is);
		HF_EXPECT_EQ(rig.errors, 0);
		/* One block, and more than two pages of them. */
		for (u32 blocks = 1; blocks <= 64; blocks += 63) {
			rig_fill(rig.buffer, blocks * 512, type + blocks);
			HF_EXPECT_EQ(rw(&rig, true, 100, blocks, 0), 0);
			HF_EXPECT_EQ(rw(&rig, false, 100, blocks, RIG_BUFFER / 2), 0);
			HF_EXPECT(rig_is_filled(rig.buffer + RIG_BUFFER / 2, blocks * 512, type + blocks));
		}
		HF_EXPECT_EQ(zero(&rig, 100, 64), 0);
		HF_EXPECT(rig_is_zero(rig.disk + 100 * 512, 64 * 512));
		/* What the device is told. */
		hf_let(nvme_request, req, rig_request(&tally));
		struct nvme_segment data[] = { rig_segment(&rig, 0, 512) };

		HF_EXPECT_EQ(nvme_prep_write(hf_mut(req), rig.ns, 0x321, 1, rig_data(data), NVME_FUA), 0);
		HF_EXPECT_EQ(cdw12(hf_ref(req)), NVME_RW_FUA | NVME_RW_PRACT | NVME_RW_CHECK_GUARD | reference);
		HF_EXPECT(hf_equals(hf_from_le(hf_ref(req)->sqe.cdw14), reference ? 0x321 : 0));
		HF_EXPECT_EQ(nvme_prep_write_zeroes(hf_mut(req), rig.ns, 0x321, 1, 0), 0);
		HF_EXPECT_EQ(cdw12(hf_ref(req)), NVME_RW_PRACT);
		/* Prepared again, for a command that has none. */
		HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), rig.ns), 0);
		HF_EXPECT_EQ(cdw12(hf_ref(req)), 0);
		rig_stop(&rig);
	}
}

/* A format that makes other blocks makes another namespace. */
HF_TEST(nvme_namespaces, protection_that_comes)
{
	struct nvme_model_namespace is = { .nsid = 1, .block_size = 512, .blocks = BLOCKS };
	struct rig rig = { .iommu = NULL };

	start(&rig, &is);
	is.metadata = 8;
	is.protection = 1;
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, &is, 1), 0);
	nvme_model_sync(rig.model);
	HF_EXPECT_EQ(nvme_rescan(rig.ctrl), 0);
	HF_EXPECT(rig.ns->gone);
	HF_EXPECT_EQ(hf_len(nvme_ctrl_namespaces(rig.ctrl)), 2);
	rig.ns = &hf_at(nvme_ctrl_namespaces(rig.ctrl), 1);
	HF_EXPECT_EQ(rw(&rig, true, 5, 1, 0), 0);
	rig_stop(&rig);
}

HF_TEST(nvme_namespaces, read_only)
{
	struct nvme_model_namespace is = { .nsid = 1, .block_size = 512, .blocks = BLOCKS, .read_only = true };
	struct rig rig = { .iommu = NULL };

	start(&rig, &is);
	HF_EXPECT(rig.ns->read_only);
	HF_EXPECT_EQ(rw(&rig, false, 0, 8, 0), 0);
	HF_EXPECT_EQ(rw(&rig, true, 0, 8, 0), -EROFS);
	HF_EXPECT_EQ(zero(&rig, 0, 8), -EROFS);
	/* The protection ends. */
	is.read_only = false;
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, &is, 1), 0);
	nvme_model_sync(rig.model);
	HF_EXPECT_EQ(nvme_rescan(rig.ctrl), 0);
	HF_EXPECT(!rig.ns->read_only);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(rw(&rig, true, 0, 8, 0), 0);
	rig_stop(&rig);
}

HF_TEST(nvme_namespaces, advice)
{
	struct nvme_model_namespace is = {
		.nsid = 1, .block_size = 4096, .blocks = BLOCKS, .boundary = 256, .write_granularity = 3, .write_size = 31,
	};
	struct rig rig = { .iommu = NULL };

	start(&rig, &is);
	HF_EXPECT_EQ(rig.ns->boundary, 256);
	HF_EXPECT_EQ(rig.ns->write_granularity, 4);
	HF_EXPECT_EQ(rig.ns->write_size, 32);
	is.boundary = is.write_granularity = is.write_size = 0;
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, &is, 1), 0);
	nvme_model_sync(rig.model);
	HF_EXPECT_EQ(nvme_rescan(rig.ctrl), 0);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(rig.ns->boundary, 0);
	HF_EXPECT_EQ(rig.ns->write_granularity, 1);
	HF_EXPECT_EQ(rig.ns->write_size, 0);
	rig_stop(&rig);
}
