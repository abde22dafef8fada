// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a device says about itself: each byte of its tables takes all 256 values, and each value has the result that
 * the specification and nvme.h give it.  A build with UndefinedBehaviorSanitizer also finds what is undefined.
 *
 * The device is the null controller, which needs no thread, as the driver starts several ten thousand times.
 */
#include "rig.h"

#include "../bench/null.h"

#define TRANSFER	NVME_MAX_TRANSFER
#define QUEUES		2u
#define ENTRIES		2u
#define SHUTDOWN_MS	10000u
#define CID		(1u << 10)	/* of the first command of a queue */
#define NSIDS		0x300u
#define NAMESPACES	4u

/* What a start finds. */
struct seen {
	struct nvme_info info;
	size_t count;
	struct nvme_namespace namespaces[NAMESPACES];
};

struct bench {
	struct hf_device dev;
	struct null_controller null;
	struct nvme_config config;
	u64 now;
	struct seen seen;		/* by the last start */
	struct seen base;		/* by a start with nothing changed */
	/* What the device answers: Identify pages by CNS, the list behind namespace 1, dword 0 of Set Features. */
	union page {
		struct nvme_id_ns ns;
		struct nvme_id_ctrl ctrl;
		struct nvme_id_ctrl_nvm nvm;
		struct hf_le32 list[NVME_IDENTIFY_SIZE / 4];
		u8 bytes[NVME_IDENTIFY_SIZE];
	} pages[8], rest;
	u32 granted;
	u32 csts;			/* these bits are inverted when it becomes ready */
};

/* ---- The host ---- */

static u64 bench_now(void *host)
{
	struct bench *b = host;
	const u32 ready = b->null.cc;

	null_host_ops.now_ms(&b->null);
	if (b->null.cc != ready && NVME_FIELD(b->null.cc, NVME_CC_EN))
		b->null.regs.words[NVME_REG_CSTS / 4] ^= b->csts;
	return b->now;
}

/* No test depends on how long the driver sleeps, so that all time-outs are soon over. */
static void bench_sleep(void *host, unsigned int ms)
{
	struct bench *b = host;

	b->now += ms * 1000;
	bench_now(b);
}

static void bench_idle(void *arg)
{
	hf_user_clock_advance(1);
	bench_sleep(arg, 1);
}

static void bench_disable_dma(void *host)
{
	(void)host;
}

static const struct nvme_host_ops bench_ops = {
	.now_ms = bench_now, .sleep_ms = bench_sleep, .disable_dma = bench_disable_dma,
};

static void bench_answer(void *arg, const struct nvme_sqe *s, void *page, u32 *result)
{
	const struct bench *b = arg;
	const u32 cns = hf_mask(hf_from_le(s->cdw10), 7);

	if (!page)
		*result = b->granted;
	else if (cns != NVME_CNS_ACTIVE_LIST || hf_equals(hf_from_le(s->nsid), 0))
		memcpy(page, &b->pages[cns], NVME_IDENTIFY_SIZE);
	else if (hf_equals(hf_from_le(s->nsid), 1))
		memcpy(page, &b->rest, NVME_IDENTIFY_SIZE);
}

static void bench_init(struct bench *b)
{
	struct nvme_id_ctrl *controller = &b->pages[NVME_CNS_CONTROLLER].ctrl;
	struct nvme_id_ns *ns = &b->pages[NVME_CNS_NAMESPACE].ns;

	memset(b, 0, sizeof(*b));
	hf_user_clock_stop(bench_idle, b);
	b->dev.iommu = hf_user_iommu_new();
	HF_ASSERT(b->dev.iommu);
	null_init(&b->null, &b->dev);
	b->null.answer = bench_answer;
	b->null.answer_arg = b;
	b->config = (struct nvme_config) {
		.io = null_io(&b->null), .dev = &b->dev, .ops = &bench_ops, .host = b,
		.queues = QUEUES, .entries = ENTRIES, .max_transfer = TRANSFER,
	};
	b->granted = NVME_PUT(NVME_FEAT_NSQ, QUEUES - 1) | NVME_PUT(NVME_FEAT_NCQ, QUEUES - 1);
	controller->sqes = hf_untrusted_u8(0x66);
	controller->cqes = hf_untrusted_u8(0x44);
	controller->nn = hf_le32(NSIDS);
	memcpy(controller->sn, "S/N 1               ", sizeof(controller->sn));
	memcpy(controller->mn, "a model                                 ", sizeof(controller->mn));
	memcpy(controller->fr, "1.0     ", sizeof(controller->fr));
	ns->nsze = ns->ncap = hf_le64(1u << 20);
	ns->nlbaf = hf_untrusted_u8(NVME_LBAFS - 1);
	for (u8 i = 0; i < NVME_LBAFS; i++)
		ns->lbaf[i].lbads = hf_untrusted_u8(9 + i % 4);
	b->pages[NVME_CNS_ACTIVE_LIST].list[0] = hf_le32(1);
}

static void bench_fini(struct bench *b)
{
	HF_EXPECT_EQ(hf_user_iommu_free(b->dev.iommu), 0);
	hf_user_clock_start();
}

/* What every started controller must be, whatever it said. */
static void expect_usable(const struct nvme_ctrl *ctrl)
{
	const struct nvme_info *info = nvme_ctrl_info(ctrl);

	HF_EXPECT(info->max_transfer >= 2 * NVME_PAGE_SIZE && info->max_transfer <= TRANSFER);
	HF_EXPECT(info->queues >= 1 && info->queues <= QUEUES && info->entries == ENTRIES);
	hf_for_each(ns, nvme_ctrl_namespaces(ctrl)) {
		struct nvme_request req = { .done = NULL };
		struct nvme_segment data[1] = { { .addr = NVME_PAGE_SIZE, .len = 1u << ns->block_shift } };

		HF_EXPECT(ns->nsid && ns->nsid != NVME_NSID_ALL);
		HF_EXPECT(ns->block_shift >= 9 && ns->block_shift <= 12);
		HF_EXPECT(ns->blocks && ns->blocks << ns->block_shift >> ns->block_shift == ns->blocks);
		HF_EXPECT((u64)ns->max_blocks << ns->block_shift <= info->max_transfer && ns->max_blocks);
		HF_EXPECT_EQ(nvme_prep_read(&req, ns, ns->blocks - 1, 1, rig_data(data)), 0);
		HF_EXPECT_EQ(nvme_prep_write(&req, ns, ns->blocks, 1, rig_data(data), 0), -ERANGE);
	}
}

/* Start, look, and stop: the error of nvme_ctrl_start(). */
static int bench_start(struct bench *b)
{
	hf_let(nvme_ctrl, ctrl, hf_try(nvme_ctrl_start(&b->config)));

	b->seen = (struct seen) { .info = *nvme_ctrl_info(hf_ref(ctrl)) };
	hf_for_each(ns, nvme_ctrl_namespaces(hf_ref(ctrl)))
		if (b->seen.count < NAMESPACES)
			b->seen.namespaces[b->seen.count++] = *ns;
	expect_usable(hf_ref(ctrl));
	return 0;
}

/* ---- Sweeps ---- */

/* A member of a table, whose bytes the driver reads. */
struct member {
	size_t at, len;
};

#define MEMBER(type, name)	{ __builtin_offsetof(type, name), sizeof(((type *)NULL)->name) }

static u64 number(const u8 *p, size_t len)
{
	u64 v = 0;

	while (len--)
		v = v << 8 | p[len];
	return v;
}

#define READ(table, type, name)	number((table) + __builtin_offsetof(type, name), sizeof(((type *)NULL)->name))

static bool same_namespace(const struct nvme_namespace *a, const struct nvme_namespace *b)
{
	return a->nsid == b->nsid && a->block_shift == b->block_shift && a->blocks == b->blocks &&
	       a->max_blocks == b->max_blocks && a->can_sgl == b->can_sgl && a->can_write_zeroes == b->can_write_zeroes &&
	       a->can_deallocate == b->can_deallocate && a->zeroes_may_deallocate == b->zeroes_may_deallocate &&
	       a->deallocated_reads_zero == b->deallocated_reads_zero &&
	       a->volatile_write_cache == b->volatile_write_cache && a->gone == b->gone &&
	       a->max_zero_blocks == b->max_zero_blocks && a->max_ranges == b->max_ranges &&
	       a->max_range_blocks == b->max_range_blocks && a->max_deallocate == b->max_deallocate;
}

static bool same_info(const struct nvme_info *a, const struct nvme_info *b)
{
	return a->version == b->version && a->queues == b->queues && a->entries == b->entries &&
		    a->max_transfer == b->max_transfer && a->timeout_ms == b->timeout_ms &&
		    a->shutdown_ms == b->shutdown_ms &&
		    a->doorbell_stride == b->doorbell_stride && a->vendor == b->vendor &&
		    a->volatile_write_cache == b->volatile_write_cache && !strcmp(a->serial, b->serial) &&
		    !strcmp(a->model, b->model) && !strcmp(a->firmware, b->firmware);
}

static bool same_seen(const struct seen *a, const struct seen *b)
{
	bool same = same_info(&a->info, &b->info) && a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = same_namespace(&a->namespaces[i], &b->namespaces[i]);
	return same;
}

/* The result of a start with this table: an error, or changes to what is seen. */
typedef int expect_fn(const u8 *table, struct seen *want);

static void expect_start(struct bench *b, const u8 *table, size_t at, expect_fn *expect)
{
	struct seen want = b->base;
	const int wanted = expect(table, &want), err = bench_start(b);

	if (err != wanted)
		hf_test_fail_(__FILE__, __LINE__, "byte %zu is %#x: error %d, should be %d", at, table[at], err, wanted);
	else if (!err && !same_seen(&b->seen, &want))
		hf_test_fail_(__FILE__, __LINE__, "byte %zu is %#x: something else was seen", at, table[at]);
}

/* All values of these bytes, each alone. */
static void sweep_bytes(struct bench *b, u8 *table, size_t from, size_t end, expect_fn *expect)
{
	for (size_t at = from; at < end; at++) {
		const u8 was = table[at];

		for (unsigned int v = 0; v < 256; v++) {
			table[at] = (u8)v;
			expect_start(b, table, at, expect);
		}
		table[at] = was;
	}
}

static void sweep_none(struct bench *b)
{
	HF_ASSERT(!bench_start(b));
	b->base = b->seen;
}

/* The members of an Identify page; then all its other bytes together, which have no effect. */
static void sweep_page(struct bench *b, union page *of, const struct member *members, size_t count, expect_fn *expect)
{
	u8 *page = of->bytes, was[NVME_IDENTIFY_SIZE];

	sweep_none(b);
	for (size_t m = 0; m < count; m++)
		sweep_bytes(b, page, members[m].at, members[m].at + members[m].len, expect);
	memcpy(was, page, sizeof(was));
	for (unsigned int v = 0; v < 256; v++) {
		memset(page, (int)v, sizeof(was));
		for (size_t m = 0; m < count; m++)
			memcpy(page + members[m].at, was + members[m].at, members[m].len);
		expect_start(b, page, 0, expect);
	}
	memcpy(page, was, sizeof(was));
}

/* ---- Identify Controller ---- */

/* Without the spaces at the end, and with '?' for what cannot be printed. */
static void want_text(char *to, const u8 *from, size_t len)
{
	memset(to, 0, len + 1);
	while (len && from[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] < ' ' || from[i] > '~' ? '?' : (char)from[i];
}

static bool size_fits(u64 sizes, u64 shift)
{
	return (sizes & 15) <= shift && sizes >> 4 >= shift;
}

static int expect_controller(const u8 *page, struct seen *want)
{
	const u64 nn = READ(page, struct nvme_id_ctrl, nn), oncs = READ(page, struct nvme_id_ctrl, oncs);
	const u64 sgls = READ(page, struct nvme_id_ctrl, sgls), mdts = READ(page, struct nvme_id_ctrl, mdts);
	const u64 rtd3e = READ(page, struct nvme_id_ctrl, rtd3e) / 1000;
	struct nvme_namespace *ns = &want->namespaces[0];
	u64 bytes = NVME_PAGE_SIZE;

	if (!size_fits(READ(page, struct nvme_id_ctrl, sqes), 6) || !size_fits(READ(page, struct nvme_id_ctrl, cqes), 4) ||
	    !nn || nn == NVME_NSID_ALL || mdts > 51)
		return -EPROTO;
	for (u64 i = 0; i < mdts; i++)
		bytes *= 2;
	want->info.max_transfer = mdts && bytes < TRANSFER ? (u32)bytes : TRANSFER;
	ns->max_blocks = want->info.max_transfer / 512;
	want->info.vendor = (u16)READ(page, struct nvme_id_ctrl, vid);
	want->info.volatile_write_cache = READ(page, struct nvme_id_ctrl, vwc) & 1;
	ns->volatile_write_cache = want->info.volatile_write_cache;
	want->info.shutdown_ms = rtd3e < SHUTDOWN_MS ? SHUTDOWN_MS : (u32)rtd3e + 1;
	want_text(want->info.serial, page + __builtin_offsetof(struct nvme_id_ctrl, sn), 20);
	want_text(want->info.model, page + __builtin_offsetof(struct nvme_id_ctrl, mn), 40);
	want_text(want->info.firmware, page + __builtin_offsetof(struct nvme_id_ctrl, fr), 8);
	ns->can_sgl = (sgls & 3) == 1 || (sgls & 3) == 2;
	ns->can_deallocate = oncs & 4;
	ns->can_write_zeroes = oncs & 8;
	return 0;
}

HF_TEST(nvme_tables, identify_controller)
{
	static const struct member members[] = {
		MEMBER(struct nvme_id_ctrl, vid), MEMBER(struct nvme_id_ctrl, sn), MEMBER(struct nvme_id_ctrl, mn),
		MEMBER(struct nvme_id_ctrl, fr), MEMBER(struct nvme_id_ctrl, mdts), MEMBER(struct nvme_id_ctrl, sqes),
		MEMBER(struct nvme_id_ctrl, cqes), MEMBER(struct nvme_id_ctrl, nn), MEMBER(struct nvme_id_ctrl, oncs),
		MEMBER(struct nvme_id_ctrl, vwc), MEMBER(struct nvme_id_ctrl, sgls), MEMBER(struct nvme_id_ctrl, rtd3e),
	};
	static struct bench b;

	bench_init(&b);
	sweep_page(&b, &b.pages[NVME_CNS_CONTROLLER], members, HF_TEST_COUNT(members), expect_controller);
	bench_fini(&b);
}

/* ---- Identify Namespace ---- */

static int expect_namespace(const u8 *page, struct seen *want)
{
	const u64 nsze = READ(page, struct nvme_id_ns, nsze), ncap = READ(page, struct nvme_id_ns, ncap);
	const u64 nlbaf = READ(page, struct nvme_id_ns, nlbaf), flbas = READ(page, struct nvme_id_ns, flbas) & 15;
	const u8 *format = page + __builtin_offsetof(struct nvme_id_ns, lbaf) + flbas * sizeof(struct nvme_lbaf);
	const u64 dlfeat = READ(page, struct nvme_id_ns, dlfeat), lbads = READ(format, struct nvme_lbaf, lbads);
	struct nvme_namespace *ns = &want->namespaces[0];

	if (nlbaf > 15 || flbas > nlbaf)
		return -EPROTO;
	if (READ(format, struct nvme_lbaf, ms) || lbads < 9 || lbads > 12)
		return -EOPNOTSUPP;
	if (!nsze || nsze >> (63 - lbads) || ncap > nsze)
		return -EPROTO;
	ns->blocks = nsze;
	ns->block_shift = (u32)lbads;
	ns->max_blocks = TRANSFER >> lbads;
	ns->zeroes_may_deallocate = dlfeat & 8;
	ns->deallocated_reads_zero = dlfeat & 1;
	return 0;
}

HF_TEST(nvme_tables, identify_namespace)
{
	static const struct member members[] = {
		MEMBER(struct nvme_id_ns, nsze), MEMBER(struct nvme_id_ns, ncap), MEMBER(struct nvme_id_ns, nlbaf),
		MEMBER(struct nvme_id_ns, flbas), MEMBER(struct nvme_id_ns, dlfeat), MEMBER(struct nvme_id_ns, lbaf),
	};
	static struct bench b;

	bench_init(&b);
	/* Blocks of 512 and of 4096 bytes. */
	for (u8 format = 0; format < 4; format += 3) {
		b.pages[NVME_CNS_NAMESPACE].ns.flbas = hf_untrusted_u8(format);
		sweep_page(&b, &b.pages[NVME_CNS_NAMESPACE], members, HF_TEST_COUNT(members), expect_namespace);
	}
	bench_fini(&b);
}

/* ---- The list of namespaces: the first after one is asked for, and whether there is a second ---- */

static int expect_list(const u8 *page, struct seen *want)
{
	const u64 id = number(page, 4);

	if (id > NSIDS)
		return -EPROTO;
	want->namespaces[0].nsid = (u32)id;
	return id ? 0 : -ENODEV;
}

/* Behind namespace 1. */
static int expect_rest(const u8 *page, struct seen *want)
{
	const u64 id = number(page, 4);

	if (id == 1 || id > NSIDS)
		return -EPROTO;
	want->namespaces[1] = want->namespaces[0];
	want->namespaces[1].nsid = (u32)id;
	want->count = id ? 2 : 1;
	return 0;
}

HF_TEST(nvme_tables, active_list)
{
	static const struct member members[] = { { 0, 8 } };
	static struct bench b;

	bench_init(&b);
	sweep_page(&b, &b.pages[NVME_CNS_ACTIVE_LIST], members, 1, expect_list);
	b.pages[NVME_CNS_ACTIVE_LIST].list[0] = hf_le32(1);
	b.pages[NVME_CNS_ACTIVE_LIST].list[1] = hf_le32(0x201);
	b.rest.list[0] = hf_le32(0x201);
	sweep_page(&b, &b.rest, members, 1, expect_rest);
	bench_fini(&b);
}

/* ---- The descriptors of a namespace ---- */

static int expect_descriptors(const u8 *page, struct seen *want)
{
	size_t at = 0;
	u8 csi = 0;

	(void)want;
	while (at + 4 <= NVME_IDENTIFY_SIZE && page[at + 1] && at + 4 + page[at + 1] <= NVME_IDENTIFY_SIZE) {
		/* A UUID that is too short ends what is believed. */
		if (page[at] == NVME_NIDT_UUID && page[at + 1] < NVME_NIDT_UUID_BYTES)
			break;
		if (page[at] == NVME_NIDT_CSI)
			csi = page[at + 4];
		at += 4u + page[at + 1];
	}
	return csi ? -EOPNOTSUPP : 0;
}

HF_TEST(nvme_tables, descriptors)
{
	static const u8 start[] = { NVME_NIDT_UUID, 16, [20] = NVME_NIDT_CSI, 1, [25] = NVME_NIDT_EUI64, 8, [40] = 0 };
	static struct bench b;
	u8 *page = b.pages[NVME_CNS_DESCRIPTORS].bytes;

	bench_init(&b);
	memcpy(page, start, sizeof(start));
	sweep_none(&b);
	sweep_bytes(&b, page, 0, sizeof(start), expect_descriptors);
	/* A list that fills the page: its end is that of the page. */
	for (size_t at = 0; at < NVME_IDENTIFY_SIZE; at += 16) {
		page[at] = NVME_NIDT_EUI64;
		page[at + 1] = 12;
	}
	sweep_bytes(&b, page, NVME_IDENTIFY_SIZE - 32, NVME_IDENTIFY_SIZE, expect_descriptors);
	bench_fini(&b);
}

/* ---- The limits of the command set ---- */

static int expect_limits(const u8 *page, struct seen *want)
{
	const u64 wzsl = READ(page, struct nvme_id_ctrl_nvm, wzsl), dmrl = READ(page, struct nvme_id_ctrl_nvm, dmrl);
	const u64 dmrsl = READ(page, struct nvme_id_ctrl_nvm, dmrsl), dmsl = READ(page, struct nvme_id_ctrl_nvm, dmsl);
	struct nvme_namespace *ns = &want->namespaces[0];
	u64 blocks = NVME_PAGE_SIZE / 512;

	for (u64 i = 0; i < wzsl && blocks < 65536; i++)
		blocks *= 2;
	ns->max_zero_blocks = wzsl ? (u32)blocks : 65536;
	ns->max_ranges = dmrl ? (u32)dmrl : 256;
	ns->max_range_blocks = dmrsl ? (u32)dmrsl : ~0u;
	ns->max_deallocate = dmsl ? dmsl : ~0ull;
	return 0;
}

HF_TEST(nvme_tables, command_set)
{
	static const struct member members[] = {
		MEMBER(struct nvme_id_ctrl_nvm, wzsl), MEMBER(struct nvme_id_ctrl_nvm, dmrl),
		MEMBER(struct nvme_id_ctrl_nvm, dmrsl), MEMBER(struct nvme_id_ctrl_nvm, dmsl),
	};
	static struct bench b;

	bench_init(&b);
	b.null.regs.longs[NVME_REG_CAP / 8] |= NVME_PUT(NVME_CAP_CSS, (u64)NVME_CAP_CSS_CSI);
	sweep_page(&b, &b.pages[NVME_CNS_COMMAND_SET], members, HF_TEST_COUNT(members), expect_limits);
	bench_fini(&b);
}

/* ---- Registers, and what Set Features grants ---- */

static int expect_cap(const u8 *regs, struct seen *want)
{
	const u64 cap = number(regs, 8), mqes = cap & 0xffff, dstrd = cap >> 32 & 15;
	const u64 longer = cap >> 59 & 1 ? number(regs + NVME_REG_CRTO, 2) : 0;
	const u64 to = longer > (cap >> 24 & 0xff) ? longer : cap >> 24 & 0xff;

	if (!mqes)
		return -EPROTO;
	if (cap >> 48 & 15 || !(cap >> 37 & 1))
		return -EOPNOTSUPP;
	if (NVME_REG_DOORBELLS + (2 * QUEUES + 1) * (4ull << dstrd) + 4 > NULL_BAR_SIZE)
		return -ERANGE;
	want->info.entries = mqes + 1 < ENTRIES ? (u16)(mqes + 1) : ENTRIES;
	want->info.timeout_ms = (u32)(to ? to : 1) * 500;
	want->info.doorbell_stride = 4u << dstrd;
	return 0;
}

HF_TEST(nvme_tables, capabilities)
{
	static struct bench b;
	u8 *regs = (u8 *)b.null.regs.words;

	bench_init(&b);
	b.null.regs.words[NVME_REG_CRTO / 4] = 40;
	sweep_none(&b);
	sweep_bytes(&b, regs, NVME_REG_CAP, NVME_REG_CAP + 8, expect_cap);
	b.null.regs.longs[NVME_REG_CAP / 8] |= 1ull << 59;
	sweep_bytes(&b, regs, NVME_REG_CRTO, NVME_REG_CRTO + 4, expect_cap);
	bench_fini(&b);
}

static int expect_version(const u8 *regs, struct seen *want)
{
	want->info.version = (u32)number(regs + NVME_REG_VS, 4);
	return 0;
}

HF_TEST(nvme_tables, version)
{
	static struct bench b;
	u8 *regs = (u8 *)b.null.regs.words;

	bench_init(&b);
	/* Before 1.1 there is no list: all numbers are tried. */
	b.pages[NVME_CNS_CONTROLLER].ctrl.nn = hf_le32(1);
	sweep_none(&b);
	sweep_bytes(&b, regs, NVME_REG_VS, NVME_REG_VS + 4, expect_version);
	bench_fini(&b);
}

/* RDY must be set, and CFS not; neither SHST nor another bit has a meaning at the start. */
static int expect_status(const u8 *csts, struct seen *want)
{
	(void)want;
	return *csts & 2 ? -EIO : *csts & 1 ? -ENODEV : 0;
}

HF_TEST(nvme_tables, status)
{
	static struct bench b;

	bench_init(&b);
	sweep_none(&b);
	for (size_t at = 0; at < 4; at++) {
		for (unsigned int v = 0; v < 256; v++) {
			u8 table[4] = { 0 };

			table[at] = (u8)v;
			b.csts = (u32)number(table, 4);
			expect_start(&b, table, at, expect_status);
		}
	}
	bench_fini(&b);
}

static int expect_queues(const u8 *result, struct seen *want)
{
	const u64 nsq = number(result, 2), ncq = number(result + 2, 2), n = (nsq < ncq ? nsq : ncq) + 1;

	want->info.queues = n < QUEUES ? (u16)n : QUEUES;
	return 0;
}

HF_TEST(nvme_tables, queues_granted)
{
	static struct bench b;

	bench_init(&b);
	sweep_none(&b);
	sweep_bytes(&b, (u8 *)&b.granted, 0, 4, expect_queues);
	bench_fini(&b);
}

/* ---- Completion entries ---- */

/*
 * What a completion of the only command in flight does: 0 or an error completes it, -EPROTO does not, and by -EAGAIN it is
 * submitted again.
 */
static int expect_entry(const u8 *cqe)
{
	const u64 status = number(cqe + 14, 2) >> 1;

	if (!(cqe[14] & 1))
		return -EPROTO;		/* the phase tag: there is no entry */
	if (number(cqe + 8, 2) != 1 || number(cqe + 10, 2) != 1 || number(cqe + 12, 2) != CID ||
	    ((status >> 8 & 7) > 3 && (status >> 8 & 7) < 7))
		return -EPROTO;
	if (status && !(status & NVME_STATUS_DNR))
		return -EAGAIN;
	return nvme_status_to_errno((u16)status);
}

static void put_entry(struct bench *b, u32 at, const u8 *cqe)
{
	memcpy(&b->null.queues[1].cq[at], cqe, sizeof(struct nvme_cqe));
}

/* Whether a command completes with @cqe as expected, and if not, with the right entry behind it. */
static int complete(struct bench *b, const u8 *cqe, const u8 *right)
{
	struct nvme_segment data[1] = { { .addr = NVME_PAGE_SIZE, .len = 512 } };
	struct tally tally = { .done = 0 };
	const int want = expect_entry(cqe);
	const bool ends = want != -EPROTO && want != -EAGAIN;
	u8 then[sizeof(struct nvme_cqe)];

	hf_let(nvme_ctrl, ctrl, hf_try(nvme_ctrl_start(&b->config)));
	hf_borrow(c, ctrl);
	hf_let(nvme_request, req, rig_request(&tally));
	hf_try_errno(nvme_prep_read(hf_mut(req), &hf_at(nvme_ctrl_namespaces(c), 0), 0, 1, rig_data(data)));
	hf_try_errno(nvme_submit(c, 1, &req));
	put_entry(b, 0, cqe);
	nvme_poll(c, 1);
	if (tally.done != ends || tally.err != (ends ? want : 0))
		return -EILSEQ;
	if (ends)
		return 0;
	memcpy(then, right, sizeof(then));
	/* Its second use of the slot, in the other entry of the ring. */
	if (want == -EAGAIN) {
		then[8] = 0;
		then[13] = 2 * CID >> 8;
	}
	put_entry(b, cqe[14] & 1, then);
	nvme_poll(c, 1);
	return tally.done == 1 && !tally.err ? 0 : -EILSEQ;
}

HF_TEST(nvme_tables, completions)
{
	const u8 right[sizeof(struct nvme_cqe)] = { [8] = 1, [10] = 1, [12] = CID & 0xff, [13] = CID >> 8, [14] = 1 };
	static struct bench b;

	bench_init(&b);
	for (size_t at = 0; at < sizeof(right); at++) {
		for (unsigned int v = 0; v < 256; v++) {
			u8 cqe[sizeof(right)];

			memcpy(cqe, right, sizeof(cqe));
			cqe[at] = (u8)v;
			if (complete(&b, cqe, right))
				hf_test_fail_(__FILE__, __LINE__, "byte %zu of an entry is %#x", at, v);
		}
	}
	bench_fini(&b);
}
