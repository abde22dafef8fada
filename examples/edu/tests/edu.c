// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The driver on the model of its device. */
#include "harness.h"

#include "rig.h"

static struct rig rig;

/* ---- Factorials ---- */

HF_TEST(edu, factorials)
{
	static const u32 wanted[] = { 1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600 };

	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	for (u32 n = 0; n < HF_TEST_COUNT(wanted); n++) {
		HF_EXPECT_EQ(ask(&f, n), 4);
		HF_EXPECT_EQ(answer(&f), wanted[n]);
	}
	/* An answer is given once. */
	HF_EXPECT_EQ(answer(&f), -ENODATA);
	hf_test_close(&f);
	rig_fini(&rig);
}

HF_TEST(edu, bad_questions)
{
	u8 byte = 0;

	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	HF_EXPECT_EQ(ask(&f, 13), -ERANGE);
	HF_EXPECT_EQ(ask(&f, ~0u), -ERANGE);
	HF_EXPECT_EQ(hf_test_write(&f, &byte, 1), -ENODATA);
	HF_EXPECT_EQ(hf_test_write(&f, HF_TEST_USER_BAD, 4), -EFAULT);
	HF_EXPECT_EQ(ask(&f, 5), 4);
	HF_EXPECT_EQ(hf_test_read(&f, &byte, 1), -EINVAL);
	HF_EXPECT_EQ(answer(&f), 120);
	hf_test_close(&f);
	rig_fini(&rig);
}

HF_TEST(edu, nobody_waits_who_does_not_want_to)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR | O_NONBLOCK), g = opened(O_RDWR | O_NONBLOCK);

	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLOUT);
	HF_EXPECT_EQ(ask(&f, 4), 4);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), 0);
	HF_EXPECT_EQ(answer(&f), -EAGAIN);
	HF_EXPECT_EQ(ask(&g, 3), -EAGAIN);
	edu_model_step(&rig.model);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLIN | EPOLLOUT);
	HF_EXPECT_EQ(hf_test_poll(&g, EPOLLIN | EPOLLOUT), EPOLLOUT);
	HF_EXPECT_EQ(ask(&g, 3), 4);
	edu_model_step(&rig.model);
	HF_EXPECT_EQ(answer(&g), 6);
	HF_EXPECT_EQ(answer(&f), 24);
	hf_test_close(&g);
	hf_test_close(&f);
	rig_fini(&rig);
}

/* The answer to an opener who is gone is not given to the one who has his place. */
HF_TEST(edu, answer_for_nobody)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	HF_EXPECT_EQ(ask(&f, 4), 4);
	hf_test_close(&f);
	f = opened(O_RDWR);
	edu_model_step(&rig.model);
	HF_EXPECT_EQ(answer(&f), -ENODATA);
	HF_EXPECT_EQ(ask(&f, 5), 4);
	HF_EXPECT_EQ(answer(&f), 120);
	hf_test_close(&f);
	rig_fini(&rig);
}

HF_TEST(edu, so_many_openers)
{
	struct hf_test_file f[EDU_OPENERS], more;

	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	for (u32 i = 0; i < EDU_OPENERS; i++)
		f[i] = opened(O_RDWR);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &more), -EBUSY);
	for (u32 i = 0; i < EDU_OPENERS; i++)
		HF_EXPECT_EQ(ask(&f[i], i), 4);
	for (u32 i = EDU_OPENERS, wanted = 5040; i--; wanted /= i ? i : 1)
		HF_EXPECT_EQ(answer(&f[i]), wanted);
	hf_test_close(&f[3]);
	f[3] = opened(O_RDWR);
	for (u32 i = 0; i < EDU_OPENERS; i++)
		hf_test_close(&f[i]);
	rig_fini(&rig);
}

HF_TEST(edu, waits_end)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	rig.model.stalled = true;
	HF_EXPECT_EQ(ask(&f, 6), 4);
	HF_EXPECT_EQ(answer(&f), -ETIMEDOUT);
	HF_EXPECT_EQ(ask(&f, 6), -ETIMEDOUT);
	hf_test_signal_begin();
	HF_EXPECT_EQ(answer(&f), -EINTR);
	hf_test_signal_end();
	rig.model.stalled = false;
	HF_EXPECT_EQ(answer(&f), 720);
	hf_test_close(&f);
	rig_fini(&rig);
}

/* ---- Transfers ---- */

static u8 bytes[4096], back[4096];

HF_TEST(edu, round_trips)
{
	static const u32 of[][2] = { { 0, 1 }, { 0, EDU_BUFFER }, { EDU_BUFFER - 1, 1 }, { 1, 64 }, { 63, 130 }, { 100, 3000 } };

	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	for (u32 i = 0; i < HF_TEST_COUNT(of); i++) {
		const u32 offset = of[i][0], length = of[i][1];

		fill(bytes, sizeof(bytes), i);
		memset(back, 0xee, sizeof(back));
		HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, offset, length, bytes), 0);
		HF_EXPECT_EQ(memcmp(rig.model.buffer + offset, bytes, length), 0);
		HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, offset, length, back), 0);
		HF_EXPECT_EQ(memcmp(back, bytes, length), 0);
		HF_EXPECT_EQ(back[length], 0xee);
	}
	HF_EXPECT_EQ(rig.model.transfers, 2 * HF_TEST_COUNT(of));
	hf_test_close(&f);
	rig_fini(&rig);
}

HF_TEST(edu, bad_transfers)
{
	struct edu_transfer t = { .length = hf_le32(1), .reserved = hf_le32(1) };

	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	HF_EXPECT_EQ(transfer(&f, 2, 0, 1, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 0, 0, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 0, EDU_BUFFER + 1, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 1, EDU_BUFFER, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, EDU_BUFFER, 1, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, ~0u, 2, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, 2, ~0u, bytes), -ERANGE);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 0, 1, HF_TEST_USER_BAD), -EFAULT);
	HF_EXPECT_EQ(hf_test_ioctl(&f, EDU_TRANSFER, &t), -ERANGE);
	HF_EXPECT_EQ(hf_test_ioctl(&f, EDU_TRANSFER, HF_TEST_USER_BAD), -EFAULT);
	HF_EXPECT_EQ(hf_test_ioctl(&f, _IO('e', 1), &t), -ENOTTY);
	HF_EXPECT_EQ(rig.model.transfers, 0);
	HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, 0, 1, HF_TEST_USER_BAD), -EFAULT);
	HF_EXPECT_EQ(rig.model.transfers, 1);
	hf_test_close(&f);
	rig_fini(&rig);
}

HF_TEST(edu, a_transfer_needs_the_right_of_its_direction)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file r = opened(O_RDONLY), w = opened(O_WRONLY);

	HF_EXPECT_EQ(transfer(&r, EDU_TO_DEVICE, 0, 1, bytes), -EBADF);
	HF_EXPECT_EQ(transfer(&w, EDU_FROM_DEVICE, 0, 1, back), -EBADF);
	HF_EXPECT_EQ(rig.model.transfers, 0);
	hf_test_close(&w);
	hf_test_close(&r);
	rig_fini(&rig);
}

/* The memory stays the device's until it has done what nobody waits for any more. */
HF_TEST(edu, abandoned_transfer_ends_before_the_next)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	rig.model.stalled = true;
	fill(bytes, sizeof(bytes), 1);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 0, 200, bytes), -ETIMEDOUT);
	fill(back, sizeof(back), 2);
	hf_test_signal_begin();
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 500, 200, back), -EINTR);
	hf_test_signal_end();
	HF_EXPECT_EQ(rig.model.transfers, 0);
	rig.model.stalled = false;
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 500, 200, back), 0);
	HF_EXPECT_EQ(rig.model.transfers, 2);
	HF_EXPECT_EQ(memcmp(rig.model.buffer, bytes, 200), 0);
	HF_EXPECT_EQ(memcmp(rig.model.buffer + 500, back, 200), 0);
	hf_test_close(&f);
	rig_fini(&rig);
}

/* ---- The device ---- */

HF_TEST(edu, interrupts_for_nothing)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR | O_NONBLOCK);

	/* Of another device on the same line. */
	HF_EXPECT_EQ(hf_user_irq_raise(&rig.model.irq), IRQ_NONE);
	edu_model_raise(&rig.model, 0x101);
	HF_EXPECT_EQ(rig.model.irq_status, 0);
	HF_EXPECT_EQ(answer(&f), -ENODATA);
	HF_EXPECT_EQ(ask(&f, 3), 4);
	rig.model.removed = true;
	HF_EXPECT_EQ(hf_user_irq_raise(&rig.model.irq), IRQ_NONE);
	HF_EXPECT_EQ(answer(&f), -EAGAIN);
	hf_test_close(&f);
	rig_fini(&rig);
}

HF_TEST(edu, not_this_device)
{
	rig_init(&rig);
	rig.model.id = 0x020000ed;
	HF_EXPECT_EQ(rig_bind(&rig), -ENODEV);
	rig.model.id = ~0u;
	HF_EXPECT_EQ(rig_bind(&rig), -ENODEV);
	rig.model.id = 0x010300ed;
	rig.config.io = edu_model_io(&rig.model, 0x9f);
	HF_EXPECT_EQ(rig_bind(&rig), -ENODEV);
	rig.config.io = edu_model_io(&rig.model, 0xa0);
	HF_EXPECT_EQ(rig_bind(&rig), 0);
	rig_fini(&rig);
}

static int bind_and_use(void *arg)
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

HF_TEST(edu, nothing_leaks_when_memory_runs_out)
{
	rig_init(&rig);
	/* The model's IOMMU keeps what its first mapping allocates. */
	HF_ASSERT(bind_and_use(NULL) == 0);
	/* The binding, the edu, its edu_hw, its memory, its domain, the interrupt, the node, the session. */
	HF_EXPECT(hf_test_fail_each_alloc(bind_and_use, NULL) >= 8);
	rig_fini(&rig);
}

/* ---- Removal ---- */

HF_TEST(edu, files_outlive_the_device)
{
	u32 n = 3;

	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR), g = opened(O_RDWR), more;

	HF_EXPECT_EQ(ask(&f, 3), 4);
	HF_EXPECT_EQ(ask(&g, 4), 4);
	rig_unbind(&rig);
	HF_EXPECT_EQ(rig.stops, 1);
	HF_EXPECT_EQ(hf_test_open(NODE, O_RDWR, &more), -ENOENT);
	/* Even to an opener whose number was answered before. */
	HF_EXPECT_EQ(answer(&f), -ENODEV);
	HF_EXPECT_EQ(answer(&g), -ENODEV);
	HF_EXPECT_EQ(hf_test_write(&f, &n, 4), -ENODEV);
	HF_EXPECT_EQ(transfer(&f, EDU_TO_DEVICE, 0, 1, bytes), -ENODEV);
	HF_EXPECT_EQ(hf_test_poll(&f, EPOLLIN | EPOLLOUT), EPOLLERR | EPOLLHUP);
	/* Another life of the device, with the old files still open. */
	HF_EXPECT_EQ(rig_bind(&rig), 0);
	more = opened(O_RDWR);
	HF_EXPECT_EQ(ask(&more, 2), 4);
	HF_EXPECT_EQ(answer(&more), 2);
	HF_EXPECT_EQ(hf_test_write(&f, &n, 4), -ENODEV);
	hf_test_close(&more);
	hf_test_close(&g);
	hf_test_close(&f);
	rig_fini(&rig);
}

/* A transfer that is never done: the device is stopped, and not bound again before it is done. */
HF_TEST(edu, unbound_while_it_hangs)
{
	rig_init(&rig);
	HF_ASSERT(rig_bind(&rig) == 0);
	struct hf_test_file f = opened(O_RDWR);

	rig.model.stalled = true;
	HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, 0, 8, back), -ETIMEDOUT);
	rig_unbind(&rig);
	HF_EXPECT_EQ(rig.stops, 1);
	HF_EXPECT_EQ(rig_bind(&rig), -EBUSY);
	rig.model.stopped = true;
	rig.model.stalled = false;
	edu_model_step(&rig.model);
	HF_EXPECT_EQ(rig_bind(&rig), 0);
	HF_EXPECT_EQ(transfer(&f, EDU_FROM_DEVICE, 0, 8, back), -ENODEV);
	hf_test_close(&f);
	rig_fini(&rig);
}

static hf_sys_atomic begun;

/* Uses its file until the device is gone. */
static void load(void *arg)
{
	struct hf_test_file *f = arg;
	u8 mine[300], again[300];
	bool first = true;

	hf_user_clock_idle(idle, &rig);
	fill(mine, sizeof(mine), (u32)(unsigned long)f);
	for (;;) {
		ssize_t err = ask(f, 7);
		const s64 v = err < 0 ? err : answer(f);

		if (v == -ENODEV || (err = transfer(f, EDU_TO_DEVICE, 300, 300, mine)) == -ENODEV ||
		    (err = transfer(f, EDU_FROM_DEVICE, 300, 300, again)) == -ENODEV)
			return;
		/* The clock of four threads runs fast. */
		HF_EXPECT(v == 5040 || v == -ETIMEDOUT);
		HF_EXPECT(err == 0 || err == -ETIMEDOUT);
		if (first)
			(void)hf_sys_atomic_fetch_sub_acq_rel(&begun, -1);
		first = false;
	}
}

HF_TEST(edu, unbound_under_load)
{
	rig_init(&rig);
	for (int turn = 0; turn < 20; turn++) {
		struct hf_test_thread thread[4];
		struct hf_test_file f[4];

		hf_sys_atomic_init(&begun, 0);
		HF_ASSERT(rig_bind(&rig) == 0);
		for (int i = 0; i < 4; i++) {
			f[i] = opened(O_RDWR);
			hf_test_spawn(&thread[i], load, &f[i]);
		}
		while (hf_sys_atomic_read_acquire(&begun) < 4)
			hf_test_yield();
		rig_unbind(&rig);
		for (int i = 0; i < 4; i++) {
			hf_test_join(&thread[i]);
			hf_test_close(&f[i]);
		}
		/* What a busy machine did not do in time, the device ends now, for nobody. */
		edu_model_step(&rig.model);
	}
	rig_fini(&rig);
}
