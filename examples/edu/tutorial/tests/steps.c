// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Each step of the tutorial, on the model of the device.  The last one includes the others. */
#include "harness.h"

#include "../10-binding.c"
#include "../../tests/rig.h"

static struct rig rig;
static u8 bytes[4096], back[4096];

/* A device that is driven by a step, without a binding. */
static struct edu_arc begin(void)
{
	rig_init(&rig);
	return hf_expect(edu_new(&rig.config), "there is memory");
}

HF_TEST(tutorial, registers)
{
	static const struct {
		u32 id;
		int err;
		const char *version;
	} of[] = {
		{ 0x010000ed, 0, "1.0" }, { 0x010200ed, 0, "1.2" }, { 0x010300ed, -ERANGE, "none" },
		{ 0x01ff00ed, -ERANGE, "none" }, { 0x020000ed, -ENODEV, "none" }, { ~0u, -ENODEV, "none" },
	};

	rig_init(&rig);
	for (u32 i = 0; i < HF_TEST_COUNT(of); i++) {
		const struct edu_regs regs = hf_expect(edu_regs_map(rig.config.io), "it is long enough");
		const char *version = "none";

		rig.model.id = of[i].id;
		HF_EXPECT_EQ(edu_identify(&regs, &version), of[i].err);
		HF_EXPECT_STR_EQ(version, of[i].version);
	}
	rig_fini(&rig);
}

HF_TEST(tutorial, lock)
{
	struct edu_locked state;

	hf_lock_init(&state);
	{
		hf_lock(s, &state);
		*s = (struct edu_state){ .computing = true, .value = 6 };
	}
	HF_EXPECT_ERR(edu_value_now(&state), -EAGAIN);
	{
		hf_lock(s, &state);
		s->computing = false;
	}
	HF_EXPECT_EQ(hf_ok_or(edu_value_now(&state), 0), 6);
	hf_lock_fini(&state);
}

static int test_device(void *arg)
{
	return edu_test(arg);
}

HF_TEST(tutorial, object)
{
	rig_init(&rig);
	HF_EXPECT_EQ(edu_test(&rig.config), 0);
	HF_EXPECT_EQ(rig.model.status, EDU_IRQ_WHEN_COMPUTED);
	rig.model.status |= EDU_COMPUTING;
	HF_EXPECT_EQ(edu_test(&rig.config), -EBUSY);
	rig.model.status = 0;
	rig.config.io = edu_model_io(&rig.model, 0x9f);
	HF_EXPECT_EQ(edu_test(&rig.config), -ENODEV);
	rig.config.io = edu_model_io(&rig.model, 0xa0);
	/* The edu_hw, its memory. */
	HF_EXPECT(hf_test_fail_each_alloc(test_device, &rig.config) >= 2);
	rig_fini(&rig);
}

static int make(void *arg)
{
	hf_let_arc(edu, edu, hf_try(edu_new(arg)));

	return edu_computes(hf_ref(edu));
}

HF_TEST(tutorial, shared)
{
	{
		hf_let_arc(edu, edu, begin());
		hf_let_arc(edu, other, hf_clone(edu));

		HF_EXPECT_EQ(rig.model.status, EDU_IRQ_WHEN_COMPUTED);
		HF_EXPECT_EQ(edu_computes(hf_ref(edu)), 0);
		rig.model.status |= EDU_COMPUTING;
		HF_EXPECT_EQ(edu_computes(hf_ref(edu)), 1);
		HF_EXPECT(edu_access_revoke(&hf_ref(other)->hw));
		HF_EXPECT_EQ(edu_computes(hf_ref(edu)), -ENODEV);
		HF_EXPECT_EQ(hf_test_device_mappings(&rig.dev), 0);
	}
	rig.model.status = 0;
	HF_EXPECT(hf_test_fail_each_alloc(make, &rig.config) >= 3);
	rig_fini(&rig);
}

HF_TEST(tutorial, interrupt)
{
	{
		hf_let_arc(edu, edu, begin());
		hf_let(edu_irq, irq, hf_expect(edu_listen(hf_ref(edu), &rig.config), "there is memory"));

		HF_EXPECT_EQ(hf_user_irq_raise(&rig.model.irq), IRQ_NONE);
		{
			hf_lock(s, &hf_ref(edu)->state);
			s->computing = s->transferring = true;
		}
		rig.model.factorial = 24;
		edu_model_raise(&rig.model, EDU_IRQ_FACTORIAL | EDU_IRQ_DMA);
		HF_EXPECT_EQ(rig.model.irq_status, 0);
		HF_EXPECT_EQ(hf_ok_or(edu_value_now(&hf_ref(edu)->state), 0), 24);
		{
			hf_lock(s, &hf_ref(edu)->state);
			HF_EXPECT(!s->transferring);
		}
		/* Without a question there is no answer. */
		rig.model.factorial = 1;
		edu_model_raise(&rig.model, EDU_IRQ_FACTORIAL);
		HF_EXPECT_EQ(hf_ok_or(edu_value_now(&hf_ref(edu)->state), 0), 24);
		rig.model.removed = true;
		HF_EXPECT_EQ(hf_user_irq_raise(&rig.model.irq), IRQ_NONE);
		/* The registration has its own reference. */
		hf_drop_arc(edu, edu);
		rig.model.removed = false;
		edu_model_raise(&rig.model, EDU_IRQ_FACTORIAL);
		HF_EXPECT_EQ(rig.model.irq_status, 0);
	}
	rig_fini(&rig);
}

HF_TEST(tutorial, wait)
{
	{
		hf_let_arc(edu, edu, begin());
		hf_let(edu_irq, irq, hf_expect(edu_listen(hf_ref(edu), &rig.config), "there is memory"));

		HF_EXPECT_EQ(edu_ask(hf_ref(edu), 5), 0);
		HF_EXPECT_EQ(hf_ok_or(edu_answer(hf_ref(edu)), 0), 120);
		rig.model.stalled = true;
		HF_EXPECT_EQ(edu_ask(hf_ref(edu), 6), 0);
		HF_EXPECT_ERR(edu_answer(hf_ref(edu)), -ETIMEDOUT);
		HF_EXPECT_EQ(edu_ask(hf_ref(edu), 7), -ETIMEDOUT);
		hf_test_signal_begin();
		HF_EXPECT_ERR(edu_answer(hf_ref(edu)), -EINTR);
		hf_test_signal_end();
		hf_test_signal_begin();
		HF_EXPECT_EQ(edu_ask(hf_ref(edu), 7), -EINTR);
		hf_test_signal_end();
		rig.model.stalled = false;
		HF_EXPECT_EQ(hf_ok_or(edu_answer(hf_ref(edu)), 0), 720);
		{
			hf_lock(s, &hf_ref(edu)->state);
			s->gone = true;
		}
		HF_EXPECT_EQ(edu_ask(hf_ref(edu), 7), -ENODEV);
		HF_EXPECT_ERR(edu_answer(hf_ref(edu)), -ENODEV);
	}
	rig_fini(&rig);
}

HF_TEST(tutorial, dma)
{
	{
		hf_let_arc(edu, edu, begin());
		hf_let(edu_irq, irq, hf_expect(edu_listen(hf_ref(edu), &rig.config), "there is memory"));

		fill(bytes, sizeof(bytes), 1);
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), false, 100, 1000, bytes), 0);
		HF_EXPECT_EQ(memcmp(rig.model.buffer + 100, bytes, 1000), 0);
		memset(back, 0xee, sizeof(back));
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), true, 100, 1000, back), 0);
		HF_EXPECT_EQ(memcmp(back, bytes, 1000), 0);
		HF_EXPECT_EQ(back[1000], 0xee);
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), false, 0, 1, HF_TEST_USER_BAD), -EFAULT);
		HF_EXPECT_EQ(rig.model.transfers, 2);
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), true, 0, 1, HF_TEST_USER_BAD), -EFAULT);
		/* The memory stays the device's until the device has done what nobody waits for any more. */
		rig.model.stalled = true;
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), false, 0, 8, bytes), -ETIMEDOUT);
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), false, 8, 8, bytes), -ETIMEDOUT);
		HF_EXPECT_EQ(rig.model.transfers, 3);
		rig.model.stalled = false;
		HF_EXPECT_EQ(edu_copy(hf_ref(edu), false, 8, 8, bytes), 0);
		HF_EXPECT_EQ(rig.model.transfers, 5);
	}
	rig_fini(&rig);
}

static struct hf_file how;

/* The errno of a transfer, whose structure ends after @size bytes. */
static int serve(const struct edu *edu, u32 direction, u32 offset, u32 length, u32 reserved, size_t size)
{
	struct edu_transfer t = {
		.direction = hf_le32(direction),
		.offset = hf_le32(offset),
		.length = hf_le32(length),
		.reserved = hf_le32(reserved),
		.user = hf_le64((u64)(unsigned long)bytes),
	};
	struct hf_uaccess_reader r = hf_uaccess_reader(&t, size);

	return edu_serve_transfer(edu, &r, &how);
}

HF_TEST(tutorial, ioctl)
{
	{
		const size_t whole = sizeof(struct edu_transfer);
		hf_let_arc(edu, edu, begin());
		hf_let(edu_irq, irq, hf_expect(edu_listen(hf_ref(edu), &rig.config), "there is memory"));

		how = (struct hf_file){ .readable = true, .writable = true };
		HF_EXPECT_EQ(serve(hf_ref(edu), 2, 0, 1, 0, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, 0, 0, 0, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, 0, EDU_BUFFER + 1, 0, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, EDU_BUFFER, 1, 0, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, ~0u, 2, 0, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, 2, ~0u, 0, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, 0, 1, 1, whole), -ERANGE);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, 0, 1, 0, whole - 1), -ENODATA);
		HF_EXPECT_EQ(rig.model.transfers, 0);
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, EDU_BUFFER - 1, 1, 0, whole), 0);
		HF_EXPECT_EQ(serve(hf_ref(edu), 1, 0, EDU_BUFFER, 0, whole), 0);
		HF_EXPECT_EQ(rig.model.transfers, 2);
		how.writable = false;
		HF_EXPECT_EQ(serve(hf_ref(edu), 0, 0, 1, 0, whole), -EBADF);
		HF_EXPECT_EQ(serve(hf_ref(edu), 1, 0, 1, 0, whole), 0);
	}
	rig_fini(&rig);
}

HF_TEST(tutorial, node)
{
	{
		hf_let_arc(edu, edu, begin());
		hf_let(edu_irq, irq, hf_expect(edu_listen(hf_ref(edu), &rig.config), "there is memory"));
		hf_let(edu_node, node, hf_expect(hf_node_register(edu_node, NODE, hf_clone(edu), GFP_KERNEL),
						 "there is memory"));
		struct hf_test_file f = opened(O_RDWR), now = opened(O_RDWR | O_NONBLOCK);
		u8 byte = 0;

		HF_EXPECT_EQ(ask(&f, 10), 4);
		HF_EXPECT_EQ(answer(&now), -EAGAIN);
		HF_EXPECT_EQ(answer(&f), 3628800);
		HF_EXPECT_EQ(answer(&now), 3628800);
		HF_EXPECT_EQ(ask(&f, EDU_MAX_N + 1), -ERANGE);
		HF_EXPECT_EQ(hf_test_write(&f, &byte, 1), -ENODATA);
		HF_EXPECT_EQ(hf_test_read(&f, &byte, 1), -ENOSPC);
		HF_EXPECT_EQ(hf_test_write(&f, HF_TEST_USER_BAD, 4), -EFAULT);
		HF_EXPECT_EQ(hf_test_read(&f, HF_TEST_USER_BAD, 4), -EFAULT);
		HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 5, 10, bytes), 0);
		HF_EXPECT_EQ(hf_test_ioctl(&f, _IO('e', 1), &byte), -ENOTTY);
		hf_test_close(&now);
		/* The file has its own reference. */
		hf_drop(edu_node, node);
		hf_drop_arc(edu, edu);
		HF_EXPECT_EQ(ask(&f, 3), 4);
		HF_EXPECT_EQ(answer(&f), 6);
		hf_test_close(&f);
	}
	rig_fini(&rig);
}

static int bind_and_open(void *arg)
{
	struct hf_test_file f;
	int err;

	(void)arg;
	hf_try_errno(rig_bind(&rig));
	err = hf_test_open(NODE, O_RDWR, &f);
	if (!err)
		hf_test_close(&f);
	rig_unbind(&rig);
	return err;
}

HF_TEST(tutorial, binding)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	/* What hangs does not hold up the unbinding, and is not bound again. */
	rig.model.stalled = true;
	HF_EXPECT_EQ(ask(&f, 3), 4);
	rig_unbind(&rig);
	HF_EXPECT_EQ(rig.stops, 1);
	HF_EXPECT_EQ(hf_test_device_mappings(&rig.dev), 0);
	HF_EXPECT_EQ(answer(&f), -ENODEV);
	HF_EXPECT_EQ(ask(&f, 3), -ENODEV);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 0, 1, bytes), -ENODEV);
	HF_EXPECT_EQ(rig_bind(&rig), -EBUSY);
	rig.model.stalled = false;
	edu_model_step(&rig.model);
	HF_EXPECT_EQ(rig_bind(&rig), 0);
	struct hf_test_file next = opened(O_RDWR);

	HF_EXPECT_EQ(ask(&next, 2), 4);
	HF_EXPECT_EQ(answer(&next), 2);
	HF_EXPECT_EQ(ask(&f, 2), -ENODEV);
	hf_test_close(&next);
	hf_test_close(&f);
	rig_unbind(&rig);
	/* The binding, the edu, its edu_hw, its memory, the interrupt, the node, the session. */
	HF_EXPECT(hf_test_fail_each_alloc(bind_and_open, NULL) >= 7);
	rig_fini(&rig);
}
