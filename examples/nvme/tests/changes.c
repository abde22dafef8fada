// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Legal changes of the controller, which a reset finds: only what changed is affected.  And namespaces
 * that cannot be used beside others that can.
 */
#include "rig.h"

#define BLOCK		512u
#define PART		(1u << 20)	/* bytes of a namespace of most tests */

static struct nvme_model_namespace part(u32 nsid)
{
	return (struct nvme_model_namespace){
		.nsid = nsid,
		.block_size = BLOCK,
		.offset = (u64)(nsid - 1) * PART,
		.blocks = PART / BLOCK,
	};
}

/* The model has these namespaces from now on. */
#define HAS(rig, ...)									\
	do {										\
		const struct nvme_model_namespace has_[] = { __VA_ARGS__ };		\
											\
		HF_EXPECT_EQ(nvme_model_set_namespaces((rig)->model, has_, HF_TEST_COUNT(has_)), 0); \
		nvme_model_sync((rig)->model);						\
	} while (0)

#define START(rig, ...)									\
	do {										\
		rig_start_model(rig);							\
		HAS(rig, __VA_ARGS__);							\
		HF_EXPECT_EQ(rig_start_driver(rig), 0);					\
	} while (0)

static size_t namespaces(const struct rig *rig)
{
	return hf_len(nvme_ctrl_namespaces(rig->ctrl));
}

static const struct nvme_namespace *nth(const struct rig *rig, size_t i)
{
	return &hf_at(nvme_ctrl_namespaces(rig->ctrl), i);
}

/* Start writing a block of a namespace, which is filled with @seed. */
static int start_write(struct rig *rig, unsigned int queue, const struct nvme_namespace *ns, u64 lba,
		       struct nvme_segment (*data)[1], u32 seed, struct tally *tally)
{
	(*data)[0] = rig_segment(rig, seed * RIG_PAGE, 1u << ns->block_shift);
	rig_fill(rig->buffer + seed * RIG_PAGE, 1u << ns->block_shift, seed);
	rig->ns = ns;
	return rig_rw(rig, queue, true, lba, 1, rig_data(*data), tally);
}

static void expect_write(struct rig *rig, unsigned int queue, const struct nvme_namespace *ns, u64 lba,
			 u64 place)
{
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };

	HF_EXPECT_EQ(start_write(rig, queue, ns, lba, &data, 7, &tally), 0);
	HF_EXPECT(rig_wait(rig, &tally, 1));
	HF_EXPECT_EQ(tally.failed, 0);
	HF_EXPECT(rig_is_filled(rig->disk + place, 1u << ns->block_shift, 7));
}

static void expect_gone(struct rig *rig, const struct nvme_namespace *ns)
{
	struct nvme_segment data[1];
	struct tally tally = { .done = 0 };

	HF_EXPECT(ns->gone);
	HF_EXPECT_EQ(start_write(rig, 1, ns, 0, &data, 9, &tally), -ENXIO);
	rig_poll(rig);
	HF_EXPECT_EQ(tally.done, 0);
}

/* ---- Namespaces that change before a reset ---- */

/* With a command in flight on each of three. */
HF_TEST(nvme_changes, detached)
{
	static struct nvme_segment data[3][1];
	struct tally tally[3] = { { .done = 0 } };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.nn = 3;
	START(&rig, part(1), part(2), part(3));
	HF_ASSERT(rig.ctrl);
	HF_EXPECT_EQ(namespaces(&rig), 3);
	nvme_model_hold(rig.model, true);
	for (u32 i = 0; i < 3; i++)
		HF_EXPECT_EQ(start_write(&rig, 1, nth(&rig, i), 5, &data[i], i, &tally[i]), 0);
	HF_EXPECT(rig_holds(&rig, 3));

	HAS(&rig, part(1), part(3));
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	nvme_model_hold(rig.model, false);
	for (u32 i = 0; i < 3; i++) {
		HF_EXPECT(rig_wait(&rig, &tally[i], 1));
		HF_EXPECT_EQ(tally[i].err, i == 1 ? -ENXIO : 0);
		HF_EXPECT_EQ(nth(&rig, i)->gone, i == 1);
		HF_EXPECT_EQ(rig_is_filled(rig.disk + i * PART + 5 * BLOCK, BLOCK, i), i != 1);
	}
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(nvme_ctrl_state(rig.ctrl), 0);
	expect_gone(&rig, nth(&rig, 1));
	expect_write(&rig, 1, nth(&rig, 2), 6, 2 * PART + 6 * BLOCK);

	/* What comes back is a new one. */
	HAS(&rig, part(1), part(2), part(3));
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(rig.changes, 2);
	HF_EXPECT_EQ(namespaces(&rig), 4);
	expect_gone(&rig, nth(&rig, 1));
	HF_EXPECT_EQ(nth(&rig, 3)->nsid, 2);
	expect_write(&rig, 1, nth(&rig, 3), 6, PART + 6 * BLOCK);

	/* None is left, and the controller lives. */
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, NULL, 0), 0);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	for (u32 i = 0; i < 4; i++)
		expect_gone(&rig, nth(&rig, i));
	HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);
	HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
	rig_stop(&rig);
}

HF_TEST(nvme_changes, attached)
{
	const struct nvme_namespace *first;
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.nn = 100;
	START(&rig, part(2));
	HF_ASSERT(rig.ctrl);
	first = nth(&rig, 0);
	HAS(&rig, part(1), part(2), part(3));
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(namespaces(&rig), 3);
	HF_EXPECT_EQ((uintptr_t)nth(&rig, 0), (uintptr_t)first);
	HF_EXPECT_EQ(first->nsid, 2);
	HF_EXPECT(!first->gone);
	HF_EXPECT_EQ(nth(&rig, 1)->nsid, 1);
	expect_write(&rig, 1, first, 1, PART + BLOCK);
	expect_write(&rig, 1, nth(&rig, 1), 2, 2 * BLOCK);
	expect_write(&rig, 1, nth(&rig, 2), 3, 2 * PART + 3 * BLOCK);

	/* Nothing changed. */
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT_EQ(namespaces(&rig), 3);
	HF_EXPECT_EQ(rig.errors, 0);
	rig_stop(&rig);
}

HF_TEST(nvme_changes, resized)
{
	static struct nvme_segment data[1];
	struct nvme_model_namespace it = part(2);
	const u64 end = it.blocks;
	struct tally tally = { .done = 0 };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	rig.model_config.nn = 2;
	START(&rig, part(1), it);
	HF_ASSERT(rig.ctrl);
	HF_EXPECT_EQ(start_write(&rig, 1, nth(&rig, 1), end, &data, 1, &tally), -ERANGE);
	it.blocks *= 2;
	HAS(&rig, part(1), it);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(nth(&rig, 1)->blocks, 2 * end);
	HF_EXPECT_EQ(rig.changes, 1);
	expect_write(&rig, 1, nth(&rig, 1), end, PART + end * BLOCK);

	it.blocks = end / 2;
	HAS(&rig, part(1), it);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(nth(&rig, 1)->blocks, end / 2);
	HF_EXPECT(!nth(&rig, 1)->gone);
	HF_EXPECT_EQ(start_write(&rig, 1, nth(&rig, 1), end / 2, &data, 1, &tally), -ERANGE);
	expect_write(&rig, 1, nth(&rig, 0), end - 1, (end - 1) * BLOCK);
	HF_EXPECT_EQ(namespaces(&rig), 2);
	rig_stop(&rig);
}

/* Another format, another namespace with the same identifier, or one that cannot be used any more. */
HF_TEST(nvme_changes, replaced)
{
	struct nvme_model_namespace was = part(1), is;

	was.eui64 = 0x1122334455667788;
	for (int how = 0; how < 5; how++) {
		struct rig rig = { .iommu = NULL };

		rig_init(&rig);
		rig.model_config.nn = 2;
		START(&rig, was, part(2));
		HF_ASSERT(rig.ctrl);
		is = was;
		if (how == 0)
			is.eui64++;
		else if (how == 1)
			is.block_size = 4096, is.blocks /= 8;
		else if (how == 2)
			is.block_size = 8192, is.blocks /= 16;
		else if (how == 3)
			is.metadata = 8;
		else
			is.csi = NVME_CSI_ZONED;
		HAS(&rig, is, part(2));
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT_EQ(rig.changes, 1);
		expect_gone(&rig, nth(&rig, 0));
		expect_write(&rig, 1, nth(&rig, 1), 0, PART);
		HF_EXPECT_EQ(namespaces(&rig), how < 2 ? 3 : 2);
		if (how < 2) {
			HF_EXPECT_EQ(nth(&rig, 2)->nsid, 1);
			expect_write(&rig, 1, nth(&rig, 2), 3, 3 * is.block_size);
		}
		rig_stop(&rig);
	}
}

/* There is room for a number of new ones; what does not fit is left out, and said. */
HF_TEST(nvme_changes, too_many_new_ones)
{
	struct nvme_model_namespace it = part(1);
	struct rig rig = { .iommu = NULL };
	size_t had;

	rig_init(&rig);
	rig.model_config.nn = 2;
	it.eui64 = 1;
	START(&rig, it, part(2));
	HF_ASSERT(rig.ctrl);
	do {
		had = namespaces(&rig);
		HF_EXPECT_EQ(rig.errors, 0);
		it.eui64++;
		HAS(&rig, it, part(2));
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	} while (namespaces(&rig) > had);
	HF_EXPECT(had >= 64);
	HF_EXPECT(rig.errors > 0);
	expect_gone(&rig, nth(&rig, had - 1));
	expect_write(&rig, 1, nth(&rig, 1), 0, PART);
	rig_stop(&rig);
}

/* ---- Limits that change before a reset ---- */

static const struct nvme_namespace *only(const struct rig *rig)
{
	return nth(rig, 0);
}

/* A queue may have to wait for its requests: as many are in flight as all queues had room for. */
HF_TEST(nvme_changes, fewer_queues)
{
	static struct nvme_segment data[40][1];
	static const struct {
		u16 poll_queues, queues;
	} v[] = { { 0, 3 }, { 0, 1 }, { 2, 3 }, { 2, 2 }, { 1, 1 } };

	for (size_t n = 0; n < HF_TEST_COUNT(v); n++) {
		struct tally tally[40] = { { .done = 0 } };
		struct rig rig = { .iommu = NULL };
		unsigned int again = 0;

		rig_init(&rig);
		rig.config.queues = 4;
		rig.config.poll_queues = v[n].poll_queues;
		rig.config.vectors = 5;
		rig.config.entries = 11;
		HF_EXPECT_EQ(rig_start(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(nvme_ctrl_queues(rig.ctrl), 4);
		nvme_model_hold(rig.model, true);
		for (u32 i = 0; i < 40; i++)
			HF_EXPECT_EQ(start_write(&rig, 1 + i % 4, only(&rig), i, &data[i], i, &tally[i]), 0);
		HF_EXPECT(rig_holds(&rig, 40));
		rig.model_config.queues = v[n].queues;
		HF_EXPECT_EQ(nvme_model_change(rig.model, &rig.model_config), 0);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_ctrl_queues(rig.ctrl), v[n].queues);
		HF_EXPECT_EQ(nvme_ctrl_info(rig.ctrl)->queues, 4);
		HF_EXPECT_EQ(rig.changes, 1);
		nvme_model_hold(rig.model, false);
		for (u32 i = 0; i < 40; i++) {
			HF_EXPECT(rig_wait(&rig, &tally[i], 1));
			if (!tally[i].failed)
				continue;
			HF_EXPECT_EQ(tally[i].err, -EAGAIN);
			again++;
			HF_EXPECT_EQ(start_write(&rig, 1 + i % 4, only(&rig), i, &data[i], i, &tally[i]), 0);
			HF_EXPECT(rig_wait(&rig, &tally[i], 2));
			HF_EXPECT_EQ(tally[i].failed, 1);
		}
		HF_EXPECT_EQ(again, 40u - 10 * v[n].queues);
		for (u32 i = 0; i < 40; i++)
			HF_EXPECT(rig_is_filled(rig.disk + i * BLOCK, BLOCK, i));
		/* Each of the 4 works, by every way in. */
		for (unsigned int q = 1; q <= 4; q++) {
			struct tally one = { .done = 0 };
			struct nvme_requests reqs;

			expect_write(&rig, q, only(&rig), 99, 99 * BLOCK);
			nvme_requests_init(&reqs);
			for (u32 i = 0; i < 3; i++) {
				hf_let(nvme_request, req, rig_request(&one));

				HF_EXPECT_EQ(nvme_prep_flush(hf_mut(req), only(&rig)), 0);
				if (i == 2)
					HF_EXPECT_EQ(nvme_enqueue(rig.ctrl, q, &req), 0);
				else
					nvme_requests_push_back(&reqs, hf_move(req));
			}
			nvme_kick(rig.ctrl, q);
			HF_EXPECT_EQ(nvme_submit_all(rig.ctrl, q, &reqs), 0);
			nvme_requests_fini(&reqs);
			HF_EXPECT(rig_wait(&rig, &one, 3));
			HF_EXPECT_EQ(one.failed, 0);
		}
		HF_EXPECT_EQ(nvme_tick(rig.ctrl), 0);

		/* And back. */
		rig.model_config.queues = 4;
		HF_EXPECT_EQ(nvme_model_change(rig.model, &rig.model_config), 0);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT_EQ(nvme_ctrl_queues(rig.ctrl), 4);
		for (unsigned int q = 1; q <= 4; q++)
			expect_write(&rig, q, only(&rig), 100 + q, (100 + q) * BLOCK);
		HF_EXPECT_EQ(nvme_shutdown(rig.ctrl), 0);
		rig_stop(&rig);
	}
}

/* SGLs are not offered any more, and transfers are shorter: what is in flight is sent by other means, or fails. */
HF_TEST(nvme_changes, smaller_transfers_without_sgls)
{
	struct nvme_segment small[1], large[1];
	struct tally tally[2] = { { .done = 0 } };
	struct rig rig = { .iommu = NULL };

	rig_init(&rig);
	HF_EXPECT_EQ(rig_start(&rig), 0);
	HF_ASSERT(rig.ctrl);
	HF_EXPECT(rig.ns->can_sgl);
	nvme_model_hold(rig.model, true);
	rig_fill(rig.buffer, 128 << 10, 3);
	small[0] = rig_segment(&rig, 512, 32 << 10);
	large[0] = rig_segment(&rig, 0, 128 << 10);
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 0, 64, rig_data(small), &tally[0]), 0);
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 1024, 256, rig_data(large), &tally[1]), 0);
	HF_EXPECT(rig_holds(&rig, 2));
	rig.model_config.sgls = false;
	rig.model_config.mdts = 4;
	HF_EXPECT_EQ(nvme_model_change(rig.model, &rig.model_config), 0);
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	nvme_model_hold(rig.model, false);
	HF_EXPECT_EQ(rig.changes, 1);
	HF_EXPECT(!rig.ns->can_sgl);
	HF_EXPECT_EQ(rig.ns->max_blocks, 128);
	HF_EXPECT(rig_wait(&rig, &tally[0], 1));
	HF_EXPECT(rig_wait(&rig, &tally[1], 1));
	HF_EXPECT_EQ(tally[0].err, 0);
	HF_EXPECT_EQ(tally[1].err, -EMSGSIZE);
	HF_EXPECT(!memcmp(rig.disk, rig.buffer + 512, 32 << 10));
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 0, 129, rig_data(large), &tally[0]), -EMSGSIZE);
	HF_EXPECT_EQ(rig_rw(&rig, 1, true, 64, 64, rig_data(small), &tally[0]), 0);
	HF_EXPECT(rig_wait(&rig, &tally[0], 2));
	HF_EXPECT_EQ(tally[0].failed, 0);
	rig_stop(&rig);
}

/* ---- Namespaces that cannot be used ---- */

HF_TEST(nvme_changes, unusable_ones_are_left_out)
{
	struct nvme_model_namespace metadata = part(1), large = part(3), zoned = part(4), other = part(6),
				    small = part(8);
	struct rig rig = { .iommu = NULL };

	metadata.metadata = 8;
	large.block_size = 8192;
	large.blocks /= 16;
	small.block_size = 256;
	zoned.csi = NVME_CSI_ZONED;
	other.csi = 1;
	rig_init(&rig);
	rig.model_config.nn = 8;
	START(&rig, metadata, part(2), large, zoned, part(5), other, part(7), small);
	HF_ASSERT(rig.ctrl);
	HF_EXPECT_EQ(namespaces(&rig), 3);
	/* A line that names each, and one that says why. */
	HF_EXPECT_EQ(rig.warnings, 5);
	HF_EXPECT_EQ(rig.errors, 5);
	for (u32 i = 0; i < 3; i++) {
		const u32 nsid = i == 0 ? 2 : i == 1 ? 5 : 7;

		HF_EXPECT_EQ(nth(&rig, i)->nsid, nsid);
		expect_write(&rig, 1, nth(&rig, i), 1, (nsid - 1) * PART + BLOCK);
	}
	/* Nor does a reset want them. */
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(rig.changes, 0);
	HF_EXPECT_EQ(namespaces(&rig), 3);
	/* Until they can be used. */
	HAS(&rig, part(1), part(2), part(5), part(7));
	HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
	HF_EXPECT_EQ(namespaces(&rig), 4);
	expect_write(&rig, 1, nth(&rig, 3), 0, 0);
	rig_stop(&rig);

	/* If there is no other, the controller cannot be used. */
	rig_init(&rig);
	rig_start_model(&rig);
	HAS(&rig, zoned = (struct nvme_model_namespace){ .nsid = 1, .block_size = BLOCK, .blocks = 8,
							 .csi = NVME_CSI_ZONED });
	HF_EXPECT_EQ(rig_start_driver(&rig), -EOPNOTSUPP);
	HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, NULL, 0), 0);
	HF_EXPECT_EQ(rig_start_driver(&rig), -ENODEV);
	rig_stop(&rig);
}

/* The data of each of three is invalid in turn. */
HF_TEST(nvme_changes, invalid_ones_are_left_out)
{
	for (u32 variant = NVME_MODEL_ID_NSZE_ZERO; variant < NVME_MODEL_ID_MDTS; variant++) {
		for (u32 bad = 0; bad < 3; bad++) {
			struct nvme_model_injection injection = {
				.fault = NVME_MODEL_INVALID_IDENTIFY,
				.sqid = NVME_MODEL_ANY,
				.opcode = NVME_MODEL_ANY,
				.skip = bad,
				.variant = variant,
			};
			struct rig rig = { .iommu = NULL };

			rig_init(&rig);
			rig.model_config.nn = 3;
			rig_start_model(&rig);
			HAS(&rig, part(1), part(2), part(3));
			HF_EXPECT_EQ(nvme_model_inject(rig.model, &injection), 0);
			HF_EXPECT_EQ(rig_start_driver(&rig), 0);
			HF_ASSERT(rig.ctrl);
			HF_EXPECT_EQ(namespaces(&rig), 2);
			HF_EXPECT_EQ(nth(&rig, 0)->nsid, bad == 0 ? 2 : 1);
			HF_EXPECT_EQ(nth(&rig, 1)->nsid, bad == 2 ? 2 : 3);
			rig_stop(&rig);
		}
	}
}

/* 1024 are supported.  Of more the first 1024 are used, and the log says so. */
HF_TEST(nvme_changes, many)
{
	static struct nvme_model_namespace many[1030];

	for (u32 i = 0; i < HF_TEST_COUNT(many); i++)
		many[i] = (struct nvme_model_namespace){
			.nsid = 3 * i + 5, .block_size = BLOCK, .offset = i * 8 * BLOCK, .blocks = 8,
		};
	for (size_t n = 1023; n <= HF_TEST_COUNT(many); n++) {
		struct rig rig = { .iommu = NULL };
		const size_t used = n < 1024 ? n : 1024;

		if (n == 1026)
			n = HF_TEST_COUNT(many);
		rig_init(&rig);
		rig.model_config.nn = 0xfffffffe;
		rig_start_model(&rig);
		HF_EXPECT_EQ(nvme_model_set_namespaces(rig.model, many, n), 0);
		HF_EXPECT_EQ(rig_start_driver(&rig), 0);
		HF_ASSERT(rig.ctrl);
		HF_EXPECT_EQ(namespaces(&rig), used);
		HF_EXPECT_EQ(rig.warnings, n > 1024);
		expect_write(&rig, 1, nth(&rig, used - 1), 7, ((used - 1) * 8 + 7) * BLOCK);
		HF_EXPECT_EQ(nvme_reset(rig.ctrl), 0);
		HF_EXPECT_EQ(rig.changes, 0);
		expect_write(&rig, 1, nth(&rig, 0), 7, 7 * BLOCK);
		rig_stop(&rig);
	}
}
