// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* nvme_execute(): admin commands that users give. */
#include "rig.h"

static struct nvme_command command(u8 opcode, struct nvme_segment_cslice data)
{
	return (struct nvme_command){ .sqe = { .opcode = opcode, .nsid = hf_le32(1) }, .data = data };
}

static struct nvme_command identify(u32 cns, struct nvme_segment_cslice data)
{
	struct nvme_command c = command(NVME_ADMIN_IDENTIFY, data);

	c.sqe.cdw10 = hf_le32(cns);
	if (cns == NVME_CNS_CONTROLLER)
		c.sqe.nsid = hf_le32(0);
	return c;
}

HF_TEST(nvme_command, admin)
{
	struct rig rig = { .iommu = NULL };
	struct nvme_id_ctrl *id;

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	id = (void *)rig.buffer;
	struct nvme_segment page[] = { rig_segment(&rig, 0, RIG_PAGE) };
	struct nvme_command c = identify(NVME_CNS_CONTROLLER, rig_data(page));

	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), 0);
	HF_EXPECT_EQ(c.status, 0);
	HF_EXPECT(!memcmp(id->sn, "HF0000000001", 12));
	/* Across pages. */
	page[0] = rig_segment(&rig, RIG_PAGE + 512, RIG_PAGE);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), 0);
	HF_EXPECT(!memcmp(rig.buffer, rig.buffer + RIG_PAGE + 512, RIG_PAGE));

	/* Commands without data, which the device refuses. */
	rig_expect_driver_errors(&rig, 2);
	c = command(NVME_ADMIN_SET_FEATURES, rig_data(page));
	c.data = hf_expect(hf_subslice(c.data, 0, 0), "it is empty");
	c.sqe.cdw10 = hf_le32(0xc0);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), 0);
	HF_EXPECT(c.status);
	c.sqe.opcode = 0xff;
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), 0);
	HF_EXPECT_EQ(c.status & NVME_STATUS_CODE, NVME_SC_INVALID_OPCODE);
	HF_EXPECT_EQ(rig.errors, 0);
	rig_stop(&rig);
}

HF_TEST(nvme_command, refused)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	struct nvme_segment data[] = { rig_segment(&rig, 0, RIG_PAGE) };
	struct nvme_command c = identify(NVME_CNS_CONTROLLER, rig_data(data));

	c.sqe.flags = 1;
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), -EINVAL);
	c.sqe.flags = 0;
	data[0] = rig_segment(&rig, 0, NVME_COMMAND_DATA + 4);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), -EINVAL);
	data[0] = rig_segment(&rig, 2, RIG_PAGE);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), -EINVAL);
	data[0] = rig_segment(&rig, 0, RIG_PAGE);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), 0);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), -ESHUTDOWN);
	rig_stop(&rig);
}

/* The device has the data until the reset. */
HF_TEST(nvme_command, admin_that_is_lost)
{
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	struct nvme_segment page[] = { rig_segment(&rig, 0, RIG_PAGE) };
	struct nvme_command c = identify(NVME_CNS_CONTROLLER, rig_data(page));

	c.timeout_ms = 25;
	rig_inject(&rig, NVME_MODEL_LOST_COMMAND, 0, NVME_ADMIN_IDENTIFY, 1, 0);
	const u64 begin = hf_sys_now_ms();

	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), -ETIMEDOUT);
	HF_EXPECT(hf_sys_now_ms() - begin >= 25 && hf_sys_now_ms() - begin < rig.config.admin_ms + 10000);
	HF_EXPECT_EQ(rig_stats(&rig).resets, 1);
	HF_EXPECT_EQ(nvme_ctrl_state(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_execute(rig.ctrl, &c), 0);
	HF_EXPECT_EQ(c.status, 0);
	rig_stop(&rig);
}
