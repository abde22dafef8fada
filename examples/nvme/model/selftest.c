/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Tests of the controller model without the driver: they write registers and rings themselves. They
 * check that each command does what the specification says, and that each fault is as model.h says.
 * The clock of the process is stopped, so that no test depends on the speed of the machine.
 *
 *	selftest [TEXT]		run all tests, or those whose names contain the text
 *	selftest --bench	commands a second: 2 queue pairs, depth 32, 4 KiB, one thread each
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "model_impl.h"

#define PAGE	4096u
#define MAX_QUEUES	4u

static unsigned int passed, failed;

static bool check_that(bool ok, const char *what, const char *file, int line)
{
	if (ok) {
		passed++;
	} else {
		failed++;
		printf("%s:%d: failed: %s\n", file, line, what);
	}
	return ok;
}

#define CHECK(condition)	check_that(condition, #condition, __FILE__, __LINE__)
#define CHECK_EQ(a, b)								\
	do {									\
		long long a_ = (long long)(a), b_ = (long long)(b);		\
		if (!check_that(a_ == b_, #a " == " #b, __FILE__, __LINE__))	\
			printf("\t%#llx, %#llx\n", a_, b_);			\
	} while (0)
#define REQUIRE(condition)							\
	do {									\
		if (!CHECK(condition)) {					\
			printf("cannot go on\n");				\
			exit(1);						\
		}								\
	} while (0)

/* ---- The host ---- */

struct dma {
	void *cpu;
	u64 iova;
	size_t len;
};

struct ring {
	struct dma sq, cq;
	u32 qid, size, cq_size, tail, head, phase;
	u16 next_cid;
};

struct host {
	struct hf_user_iommu *iommu;
	struct nvme_model *model;
	struct nvme_model_config config;
	struct ring rings[MAX_QUEUES];
	struct dma page, data;	/* one page, and memory for the largest transfers */
	u64 errors;		/* how many driver errors the test provokes */
	_Atomic u32 irqs[4];
	/* A copy of this entry at the first interrupt of queue 1: while it is partly written. */
	u32 snoop_index;
	u32 snooped[4];
	_Atomic bool snoop;
};

#define DATA_SIZE	(512u * 1024)

static struct dma dma_new(struct host *h, size_t len, unsigned int perm)
{
	struct dma d = { .len = len };

	REQUIRE(!posix_memalign(&d.cpu, PAGE, len));
	memset(d.cpu, 0, len);
	REQUIRE(!hf_user_iommu_map(h->iommu, d.cpu, len, perm, &d.iova));
	return d;
}

static void dma_free(struct host *h, struct dma *d)
{
	if (!d->cpu)
		return;
	CHECK(!hf_user_iommu_unmap(h->iommu, d->iova, d->len));
	free(d->cpu);
	memset(d, 0, sizeof(*d));
}

static u64 reg_read(struct host *h, size_t offset, unsigned int width)
{
	return nvme_model_io_ops.read(h->model, offset, width);
}

static void reg_write(struct host *h, size_t offset, unsigned int width, u64 value)
{
	nvme_model_io_ops.write(h->model, offset, width, value);
}

/* Let time pass, and let the model do what is due. */
static void pass(struct host *h, u64 ms)
{
	hf_user_clock_advance(ms);
	nvme_model_sync(h->model);
}

/* More milliseconds than anything in these tests takes. */
#define LONG_MS	1000u

static bool wait_csts(struct host *h, u32 mask, u32 value)
{
	nvme_model_sync(h->model);
	for (u32 ms = 0; (reg_read(h, NVME_REG_CSTS, 4) & mask) != value; ms++) {
		if (ms == LONG_MS)
			return false;
		pass(h, 1);
	}
	return true;
}

static void ring_memory(struct host *h, struct ring *r, u32 qid, u32 size, u32 cq_size)
{
	memset(r, 0, sizeof(*r));
	r->sq = dma_new(h, size * sizeof(struct nvme_sqe), HF_USER_DMA_READ);
	r->cq = dma_new(h, cq_size * sizeof(struct nvme_cqe), HF_USER_DMA_WRITE);
	r->qid = qid;
	r->size = size;
	r->cq_size = cq_size;
	r->phase = 1;
}

static void ring_free(struct host *h, struct ring *r)
{
	dma_free(h, &r->sq);
	dma_free(h, &r->cq);
}

/* Put an entry into the ring, without the doorbell. */
static u16 ring_put(struct ring *r, struct nvme_sqe sqe)
{
	u16 cid = r->next_cid++;
	u32 *to = (u32 *)r->sq.cpu + (size_t)r->tail * 16, words[16];

	sqe.cid = hf_le16(cid);
	memcpy(words, &sqe, sizeof(words));
	for (unsigned int i = 0; i < 16; i++)
		__atomic_store_n(&to[i], words[i], __ATOMIC_RELAXED);
	r->tail = ring_next(r->tail, r->size);
	return cid;
}

static void ring_doorbell(struct host *h, struct ring *r)
{
	reg_write(h, NVME_REG_SQ_TAIL(r->qid, h->config.dstrd), 4, r->tail);
}

static u16 ring_submit(struct host *h, struct ring *r, struct nvme_sqe sqe)
{
	u16 cid = ring_put(r, sqe);

	ring_doorbell(h, r);
	return cid;
}

/* Take the next entry, if there is one, without the doorbell. */
static bool ring_peek(struct ring *r, struct nvme_cqe *cqe)
{
	u32 *from = (u32 *)r->cq.cpu + (size_t)r->head * 4, words[4];

	words[3] = __atomic_load_n(&from[3], __ATOMIC_ACQUIRE);
	if (NVME_FIELD(le32toh(words[3]), NVME_CQE_PHASE) != r->phase)
		return false;
	for (unsigned int i = 0; i < 3; i++)
		words[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
	memcpy(cqe, words, sizeof(*cqe));
	r->head = ring_next(r->head, r->cq_size);
	if (!r->head)
		r->phase ^= 1;
	return true;
}

static void ring_ack(struct host *h, struct ring *r)
{
	reg_write(h, NVME_REG_CQ_HEAD(r->qid, h->config.dstrd), 4, r->head);
}

/* Wait for the next entry, and write the doorbell; false if none comes. */
static bool ring_wait(struct host *h, struct ring *r, struct nvme_cqe *cqe)
{
	nvme_model_sync(h->model);
	for (u32 ms = 1; !ring_peek(r, cqe); ms *= 2) {
		if (ms > LONG_MS)
			return false;
		pass(h, ms);
	}
	ring_ack(h, r);
	return true;
}

static u32 status_of(const struct nvme_cqe *cqe)
{
	return (u32)model_le16(cqe->status) >> 1;
}

static u32 code_of(const struct nvme_cqe *cqe)
{
	return status_of(cqe) & NVME_STATUS_CODE;
}

/* Execute a command without faults; returns SCT and SC. */
static u32 run_result(struct host *h, struct ring *r, struct nvme_sqe sqe, u32 *result)
{
	u16 cid = ring_submit(h, r, sqe);
	struct nvme_cqe cqe;

	if (!CHECK(ring_wait(h, r, &cqe)))
		return ~0u;
	CHECK_EQ(model_le16(cqe.cid), cid);
	CHECK_EQ(model_le16(cqe.sqid), r->qid);
	CHECK_EQ(model_le16(cqe.sqhd), r->tail);
	if (result)
		*result = model_le32(cqe.result);
	return code_of(&cqe);
}

static u32 run(struct host *h, struct ring *r, struct nvme_sqe sqe)
{
	return run_result(h, r, sqe, NULL);
}

static struct nvme_sqe sqe_admin(u8 opcode, u32 cdw10, u32 cdw11, u64 prp1)
{
	return (struct nvme_sqe) {
		.opcode = opcode, .cdw10 = hf_le32(cdw10), .cdw11 = hf_le32(cdw11),
		.prp1 = hf_le64(prp1),
	};
}

static struct nvme_sqe sqe_identify(struct host *h, u32 cns, u32 nsid)
{
	struct nvme_sqe sqe = sqe_admin(NVME_ADMIN_IDENTIFY, cns, 0, h->page.iova);

	sqe.nsid = hf_le32(nsid);
	return sqe;
}

static struct nvme_sqe sqe_rw(u8 opcode, u64 slba, u32 nlb, u64 prp1, u64 prp2)
{
	return (struct nvme_sqe) {
		.opcode = opcode, .nsid = hf_le32(1), .prp1 = hf_le64(prp1), .prp2 = hf_le64(prp2),
		.cdw10 = hf_le32((u32)slba), .cdw11 = hf_le32((u32)(slba >> 32)),
		.cdw12 = hf_le32(nlb - 1),
	};
}

static struct nvme_sqe sqe_sgl(u8 opcode, u64 slba, u32 nlb, u64 addr, u32 len)
{
	struct nvme_sqe sqe = sqe_rw(opcode, slba, nlb, 0, 0);

	sqe.flags = NVME_PUT(NVME_SQE_PSDT, NVME_SQE_PSDT_SGL);
	sqe.sgl = (struct nvme_sgl) { .addr = hf_le64(addr), .len = hf_le32(len) };
	return sqe;
}

static struct nvme_sqe sqe_flush(void)
{
	return (struct nvme_sqe) { .opcode = NVME_IO_FLUSH, .nsid = hf_le32(1) };
}

static u32 create_cq(struct host *h, struct ring *r, u32 vector)
{
	return run(h, &h->rings[0], sqe_admin(NVME_ADMIN_CREATE_CQ, (r->cq_size - 1) << 16 | r->qid,
					      vector << 16 | NVME_CQ_IEN | NVME_QUEUE_PC,
					      r->cq.iova));
}

static u32 create_sq(struct host *h, struct ring *r)
{
	return run(h, &h->rings[0], sqe_admin(NVME_ADMIN_CREATE_SQ, (r->size - 1) << 16 | r->qid,
					      r->qid << 16 | NVME_QUEUE_PC, r->sq.iova));
}

static void add_queue(struct host *h, u32 qid, u32 size, u32 cq_size)
{
	struct ring *r = &h->rings[qid];

	ring_memory(h, r, qid, size, cq_size);
	CHECK_EQ(create_cq(h, r, qid), 0);
	CHECK_EQ(create_sq(h, r), 0);
}

static void host_irq(void *arg, unsigned int vector)
{
	struct host *h = arg;

	atomic_fetch_add(&h->irqs[vector], 1);
	if (vector != 1 || !atomic_load(&h->snoop))
		return;
	for (unsigned int i = 0; i < 4; i++)
		h->snooped[i] = __atomic_load_n((u32 *)h->rings[1].cq.cpu + h->snoop_index * 4 + i,
						__ATOMIC_RELAXED);
	atomic_store(&h->snoop, false);
}

#define CC_ENABLED	(NVME_PUT(NVME_CC_EN, 1u) | NVME_PUT(NVME_CC_IOSQES, 6u) | \
			 NVME_PUT(NVME_CC_IOCQES, 4u))
#define CSTS_RDY	NVME_PUT(NVME_CSTS_RDY, 1u)
#define CSTS_CFS	NVME_PUT(NVME_CSTS_CFS, 1u)

static void host_enable(struct host *h)
{
	ring_memory(h, &h->rings[0], 0, 16, 16);
	reg_write(h, NVME_REG_AQA, 4, 15u << 16 | 15u);
	reg_write(h, NVME_REG_ASQ, 8, h->rings[0].sq.iova);
	reg_write(h, NVME_REG_ACQ, 4, (u32)h->rings[0].cq.iova);
	reg_write(h, NVME_REG_ACQ + 4, 4, h->rings[0].cq.iova >> 32);
	reg_write(h, NVME_REG_CC, 4, CC_ENABLED);
	REQUIRE(wait_csts(h, CSTS_RDY, CSTS_RDY));
}

static void host_reset(struct host *h)
{
	reg_write(h, NVME_REG_CC, 4, 0);
	REQUIRE(wait_csts(h, CSTS_RDY, 0));
	for (u32 i = 0; i < MAX_QUEUES; i++)
		ring_free(h, &h->rings[i]);
}

/* Start a model with this configuration, or of 16 MiB memory, and enable it. */
static void host_start(struct host *h, const struct nvme_model_config *config)
{
	const unsigned int both = HF_USER_DMA_READ | HF_USER_DMA_WRITE;

	memset(h, 0, sizeof(*h));
	if (config)
		h->config = *config;
	else
		nvme_model_config_init(&h->config);
	if (h->config.fd < 0) {
		h->config.memory_size = 16u << 20;
		h->config.memory = calloc(1, h->config.memory_size);
	}
	h->config.irq = host_irq;
	h->config.irq_arg = h;
	h->iommu = hf_user_iommu_new();
	REQUIRE(h->iommu);
	if (nvme_model_config_check(&h->config))
		printf("%s\n", nvme_model_config_check(&h->config));
	REQUIRE(!nvme_model_new(&h->config, h->iommu, &h->model));
	h->page = dma_new(h, PAGE, both);
	h->data = dma_new(h, DATA_SIZE, both);
	host_enable(h);
}

static struct nvme_model_stats stats_of(struct host *h)
{
	struct nvme_model_stats s;

	nvme_model_stats(h->model, &s);
	return s;
}

static void host_stop(struct host *h)
{
	char text[NVME_MODEL_ERROR_LEN];

	host_reset(h);
	dma_free(h, &h->page);
	dma_free(h, &h->data);
	if (stats_of(h).driver_errors != h->errors)
		for (unsigned int i = 0; nvme_model_driver_error(h->model, i, text); i++)
			printf("\t%s\n", text);
	CHECK_EQ(stats_of(h).driver_errors, h->errors);
	nvme_model_free(h->model);
	CHECK_EQ(hf_user_iommu_free(h->iommu), 0);
	free(h->config.memory);
}

static u8 *data_at(struct host *h, size_t offset)
{
	return (u8 *)h->data.cpu + offset;
}

static void fill(u8 *p, size_t len, u32 seed)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (u8)((seed = seed * 1664525 + 1013904223) >> 24);
}

static bool all_zero(const u8 *p, size_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/* ---- IOMMU ---- */

struct race {
	struct hf_user_iommu *iommu;
	_Atomic u64 iova;
	_Atomic bool done;
	u64 hits;
};

static void *race_device(void *arg)
{
	struct race *race = arg;
	u8 buf[64];

	while (!atomic_load(&race->done)) {
		u64 iova = atomic_load(&race->iova);

		memset(buf, 1, sizeof(buf));
		if (iova && !hf_user_iommu_access(race->iommu, iova, buf, sizeof(buf), true))
			race->hits++;
	}
	return NULL;
}

static void test_iommu(void)
{
	struct hf_user_iommu *iommu = hf_user_iommu_new();
	const unsigned int rd = HF_USER_DMA_READ, wr = HF_USER_DMA_WRITE;
	struct race race = { .iommu = iommu };
	u8 *mem = malloc(3 * PAGE), copy[8];
	u64 a, b = 7, old;
	pthread_t thread;
	size_t count;

	REQUIRE(iommu && mem);
	CHECK_EQ(hf_user_iommu_map(iommu, mem, 0, rd, &b), -EINVAL);
	CHECK_EQ(hf_user_iommu_map(iommu, NULL, 8, rd, &b), -EINVAL);
	CHECK_EQ(hf_user_iommu_map(iommu, mem, 8, 0, &b), -EINVAL);
	CHECK_EQ(hf_user_iommu_map(iommu, mem, 8, 4, &b), -EINVAL);
	CHECK_EQ(hf_user_iommu_map(iommu, mem, (size_t)1 << 28, rd, &b), -EINVAL);
	CHECK_EQ(b, 7);

	REQUIRE(!hf_user_iommu_map(iommu, mem + 5, PAGE, rd, &a));
	REQUIRE(!hf_user_iommu_map(iommu, mem + PAGE + 5, 16, rd | wr, &b));
	CHECK_EQ(hf_user_iommu_mappings(iommu), 2);
	CHECK_EQ(a % PAGE, (uintptr_t)(mem + 5) % PAGE);
	CHECK(a != (uintptr_t)(mem + 5));
	CHECK(hf_user_iommu_resolve(iommu, a, PAGE, rd) == mem + 5);
	CHECK(hf_user_iommu_resolve(iommu, a + PAGE - 1, 1, rd) == mem + PAGE + 4);
	CHECK(!hf_user_iommu_resolve(iommu, a + PAGE - 1, 2, rd));
	CHECK(!hf_user_iommu_resolve(iommu, a - 1, 1, rd));
	CHECK(!hf_user_iommu_resolve(iommu, a, SIZE_MAX, rd));
	CHECK(!hf_user_iommu_resolve(iommu, a, 1, wr));
	CHECK(!hf_user_iommu_resolve(iommu, a, 1, rd | wr));
	CHECK(hf_user_iommu_resolve(iommu, b, 16, rd | wr) == mem + PAGE + 5);
	CHECK(!hf_user_iommu_resolve(iommu, 0, 1, rd));
	CHECK(!hf_user_iommu_resolve(iommu, (uintptr_t)mem, 1, rd));
	CHECK(!hf_user_iommu_resolve(iommu, ~0ull, 1, rd));
	CHECK_EQ(hf_user_iommu_access(iommu, a, copy, 8, true), -EFAULT);

	CHECK_EQ(hf_user_iommu_unmap(iommu, a, PAGE - 1), -EINVAL);
	CHECK_EQ(hf_user_iommu_unmap(iommu, a + 1, PAGE), -EINVAL);
	CHECK_EQ(hf_user_iommu_unmap(iommu, a, PAGE), 0);
	CHECK_EQ(hf_user_iommu_unmap(iommu, a, PAGE), -EINVAL);

	/* Reuse one slot until its generations wrap. */
	old = a;
	for (u32 i = 0; i < (1u << 20) + 16; i++) {
		bool fresh = !hf_user_iommu_map(iommu, mem + 5, PAGE, rd, &a) && a != old &&
			     !hf_user_iommu_resolve(iommu, old, 1, rd) &&
			     !hf_user_iommu_unmap(iommu, a, PAGE);

		if (!fresh) {
			CHECK(fresh);
			break;
		}
	}
	CHECK(!hf_user_iommu_resolve(iommu, old, 1, rd));

	/* A device that accesses memory while it is unmapped and freed. */
	REQUIRE(!pthread_create(&thread, NULL, race_device, &race));
	for (u32 i = 0; i < 20000; i++) {
		u8 *p = malloc(64);

		if (hf_user_iommu_map(iommu, p, 64, wr, &a))
			break;
		atomic_store(&race.iova, a);
		if (i % 16 == 0)
			sched_yield();
		hf_user_iommu_unmap(iommu, a, 64);
		memset(p, 2, 64);
		free(p);
	}
	atomic_store(&race.done, true);
	pthread_join(thread, NULL);

	CHECK_EQ(hf_user_iommu_free(iommu), 1);

	/* Allocation failures, and no address left. */
	hf_user_fail_alloc(1);
	CHECK(!hf_user_iommu_new());
	iommu = hf_user_iommu_new();
	REQUIRE(iommu);
	hf_user_fail_alloc(1);
	b = 7;
	CHECK_EQ(hf_user_iommu_map(iommu, mem, 8, rd, &b), -ENOMEM);
	CHECK_EQ(b, 7);
	for (count = 0; !hf_user_iommu_map(iommu, mem, 8, rd, &b); count++)
		;
	CHECK_EQ(count, 65280);
	CHECK_EQ(hf_user_iommu_unmap(iommu, b, 8), 0);
	CHECK_EQ(hf_user_iommu_map(iommu, mem, 8, rd, &b), 0);
	CHECK_EQ(hf_user_iommu_free(iommu), 65280);
	CHECK_EQ(hf_user_live(), 0);
	free(mem);
}

/* ---- Registers, identification, features, queues ---- */

static void test_registers(void)
{
	struct nvme_model_config config;
	char text[NVME_MODEL_ERROR_LEN];
	struct host h;
	u64 cap;

	nvme_model_config_init(&config);
	config.dstrd = 2;
	config.queue_entries = 100;
	config.page_shift_max = 14;
	host_start(&h, &config);
	cap = reg_read(&h, NVME_REG_CAP, 8);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_MQES), 99);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_CQR), 1);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_TO), 10);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_DSTRD), 2);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_CSS), NVME_CAP_CSS_NVM);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_MPSMIN), 0);
	CHECK_EQ(NVME_FIELD(cap, NVME_CAP_MPSMAX), 2);
	CHECK_EQ(reg_read(&h, NVME_REG_CAP, 4) | reg_read(&h, NVME_REG_CAP + 4, 4) << 32, cap);
	CHECK_EQ(reg_read(&h, NVME_REG_VS, 4), 0x10400);
	CHECK_EQ(reg_read(&h, NVME_REG_ASQ, 8), h.rings[0].sq.iova);
	CHECK_EQ(reg_read(&h, NVME_REG_ACQ, 8), h.rings[0].cq.iova);
	CHECK_EQ(nvme_model_bar_size(h.model), 0x1000 + 9 * 2 * 16);
	add_queue(&h, 1, 8, 8);
	CHECK_EQ(run(&h, &h.rings[1], sqe_flush()), 0);
	CHECK_EQ(stats_of(&h).driver_errors, 0);

	CHECK_EQ(reg_read(&h, NVME_REG_CSTS, 2), 0xffff);
	reg_read(&h, NVME_REG_CAP + 2, 4);
	reg_read(&h, 0x18, 4);
	reg_read(&h, NVME_REG_DOORBELLS, 4);
	reg_write(&h, NVME_REG_VS, 4, 0);
	reg_write(&h, nvme_model_bar_size(h.model), 4, 0);
	reg_write(&h, NVME_REG_DOORBELLS + 4, 4, 0);
	CHECK_EQ(stats_of(&h).driver_errors, h.errors += 7);
	CHECK(nvme_model_driver_error(h.model, 0, text) && strstr(text, "between doorbells"));

	/* Doorbells: no such queue, past the end, without a change, overrun. */
	reg_write(&h, NVME_REG_SQ_TAIL(2, 2), 4, 1);
	reg_write(&h, NVME_REG_CQ_HEAD(2, 2), 4, 1);
	reg_write(&h, NVME_REG_SQ_TAIL(1, 2), 4, 8);
	reg_write(&h, NVME_REG_SQ_TAIL(1, 2), 4, 1);
	reg_write(&h, NVME_REG_CQ_HEAD(1, 2), 4, 2);
	reg_write(&h, NVME_REG_CQ_HEAD(1, 2), 4, 8);
	CHECK_EQ(stats_of(&h).driver_errors, h.errors += 6);
	nvme_model_hold(h.model, true);
	for (u32 i = 0; i < 7; i++)
		ring_put(&h.rings[1], sqe_flush());
	ring_doorbell(&h, &h.rings[1]);
	reg_write(&h, NVME_REG_SQ_TAIL(1, 2), 4, 1);
	CHECK_EQ(stats_of(&h).driver_errors, h.errors += 1);
	CHECK(nvme_model_driver_error(h.model, 0, text) && strstr(text, "overrun"));
	host_stop(&h);
}

static void test_config(void)
{
	struct nvme_model_config good, bad;
	struct nvme_model *model = NULL;
	u8 memory[1024];

	nvme_model_config_init(&good);
	CHECK(nvme_model_config_check(&good));
	good.memory = memory;
	good.memory_size = sizeof(memory);
	CHECK(!nvme_model_config_check(&good));
#define BAD(field, value)	(bad = good, bad.field = (value), nvme_model_config_check(&bad))
	CHECK(BAD(block_size, 1024));
	CHECK(BAD(block_size, 4096));
	CHECK(BAD(memory_size, 0));
	CHECK(BAD(mdts, 17));
	CHECK(BAD(queue_entries, 1));
	CHECK(BAD(queues, 0));
	CHECK(BAD(queues, 257));
	CHECK(BAD(vectors, 0));
	CHECK(BAD(page_shift_min, 11));
	CHECK(BAD(page_shift_min, 13));
	CHECK(BAD(timeout, 0));
	CHECK(BAD(rate[2], 1000001));
#undef BAD
	CHECK_EQ(nvme_model_new(&bad, NULL, &model), -EINVAL);
	CHECK(!model);
}

static void test_identify(void)
{
	struct nvme_model_config config;
	struct nvme_id_ctrl *ctrl;
	struct nvme_id_ns *ns;
	struct host h;
	struct ring *admin = &h.rings[0];

	nvme_model_config_init(&config);
	config.block_size = 4096;
	config.mdts = 3;
	host_start(&h, &config);
	ctrl = h.page.cpu;
	ns = h.page.cpu;
	CHECK_EQ(run(&h, admin, sqe_identify(&h, NVME_CNS_CONTROLLER, 0)), 0);
	CHECK_EQ(hf_accept_any(ctrl->mdts), 3);
	CHECK_EQ(hf_accept_any(ctrl->sqes), 0x66);
	CHECK_EQ(hf_accept_any(ctrl->cqes), 0x44);
	CHECK_EQ(model_le32(ctrl->nn), 1);
	CHECK_EQ(model_le32(ctrl->ver), 0x10400);
	CHECK(!memcmp(ctrl->mn, "Holdfast NVMe model     ", 24));
	CHECK_EQ(run(&h, admin, sqe_identify(&h, NVME_CNS_NAMESPACE, 1)), 0);
	CHECK_EQ(model_le64(ns->nsze), (16u << 20) / 4096);
	CHECK_EQ(hf_accept_any(ns->lbaf[hf_mask(ns->flbas, 15)].lbads), 12);
	CHECK_EQ(run(&h, admin, sqe_identify(&h, NVME_CNS_ACTIVE_LIST, 0)), 0);
	CHECK_EQ(((u32 *)h.page.cpu)[0], htole32(1));
	CHECK_EQ(((u32 *)h.page.cpu)[1], 0);
	CHECK_EQ(run(&h, admin, sqe_identify(&h, NVME_CNS_ACTIVE_LIST, 1)), 0);
	CHECK_EQ(((u32 *)h.page.cpu)[0], 0);

	CHECK_EQ(run(&h, admin, sqe_identify(&h, NVME_CNS_NAMESPACE, 2)),
		 NVME_SC_INVALID_NAMESPACE);
	CHECK_EQ(run(&h, admin, sqe_identify(&h, NVME_CNS_CONTROLLER, 1)), NVME_SC_INVALID_FIELD);
	CHECK_EQ(run(&h, admin, sqe_identify(&h, 0x55, 0)), NVME_SC_INVALID_FIELD);
	CHECK_EQ(run(&h, admin, sqe_admin(0x7f, 0, 0, 0)), NVME_SC_INVALID_OPCODE);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_GET_LOG_PAGE, 15u << 16 | NVME_LOG_ERROR, 0,
					  h.page.iova)), 0);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_GET_LOG_PAGE, 0x70, 0, h.page.iova)),
		 NVME_SC_INVALID_LOG_PAGE);
	h.errors = 5;
	host_stop(&h);
}

static void test_queues(void)
{
	struct host h;
	struct ring *admin = &h.rings[0];
	struct ring *one = &h.rings[1];
	u32 result = 0;

	host_start(&h, NULL);
	CHECK_EQ(run_result(&h, admin, sqe_admin(NVME_ADMIN_SET_FEATURES, NVME_FEAT_NUM_QUEUES,
						 1u << 16 | 2u, 0), &result), 0);
	CHECK_EQ(result, 2u << 16 | 2u);
	CHECK_EQ(run_result(&h, admin, sqe_admin(NVME_ADMIN_SET_FEATURES, NVME_FEAT_NUM_QUEUES,
						 99u << 16 | 99u, 0), &result), 0);
	CHECK_EQ(result, 7u << 16 | 7u);
	CHECK_EQ(run_result(&h, admin, sqe_admin(NVME_ADMIN_GET_FEATURES, NVME_FEAT_NUM_QUEUES, 0,
						 0), &result), 0);
	CHECK_EQ(result, 7u << 16 | 7u);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_SET_FEATURES, NVME_FEAT_NUM_QUEUES, ~0u, 0)),
		 NVME_SC_INVALID_FIELD);

	ring_memory(&h, one, 1, 64, 64);
	CHECK_EQ(create_sq(&h, one), NVME_SC_CQ_INVALID);
	CHECK_EQ(create_cq(&h, one, 99), NVME_SC_INVALID_VECTOR);
	one->qid = 9;
	CHECK_EQ(create_cq(&h, one, 1), NVME_SC_QID_INVALID);
	one->qid = 1;
	one->cq_size = 2048;
	CHECK_EQ(create_cq(&h, one, 1), NVME_SC_QUEUE_SIZE);
	one->cq_size = 1;
	CHECK_EQ(create_cq(&h, one, 1), NVME_SC_QUEUE_SIZE);
	one->cq_size = 1024;
	CHECK_EQ(create_cq(&h, one, 1), NVME_SC_INVALID_FIELD);
	one->cq_size = 64;
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_CREATE_CQ, 63u << 16 | 1, 0, one->cq.iova)),
		 NVME_SC_INVALID_FIELD);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_CREATE_CQ, 63u << 16 | 1, NVME_QUEUE_PC,
					  one->cq.iova + 16)), NVME_SC_PRP_OFFSET);
	h.errors = 9;
	CHECK_EQ(create_cq(&h, one, 1), 0);
	CHECK_EQ(create_cq(&h, one, 1), NVME_SC_QID_INVALID);
	CHECK_EQ(create_sq(&h, one), 0);
	CHECK_EQ(create_sq(&h, one), NVME_SC_QID_INVALID);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_SET_FEATURES, NVME_FEAT_NUM_QUEUES, 0, 0)),
		 NVME_SC_COMMAND_SEQUENCE);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_DELETE_CQ, 1, 0, 0)), NVME_SC_QUEUE_DELETION);
	h.errors += 4;
	for (u32 i = 0; i < 200; i++)
		CHECK_EQ(run(&h, one, sqe_flush()), 0);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_DELETE_SQ, 1, 0, 0)), 0);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_DELETE_SQ, 1, 0, 0)), NVME_SC_QID_INVALID);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_DELETE_CQ, 1, 0, 0)), 0);
	CHECK_EQ(run(&h, admin, sqe_admin(NVME_ADMIN_DELETE_CQ, 1, 0, 0)), NVME_SC_QID_INVALID);
	h.errors += 2;
	ring_free(&h, one);

	/* Created in memory with old phase tags: a driver error. */
	ring_memory(&h, one, 1, 8, 8);
	((struct nvme_cqe *)one->cq.cpu)[3].status = hf_le16(1);
	CHECK_EQ(create_cq(&h, one, 1), 0);
	h.errors += 1;
	host_stop(&h);
}

/* A completion queue for 3 entries and a submission queue for 15. */
static void test_cq_full(void)
{
	struct nvme_cqe cqe;
	struct host h;
	struct ring *r = &h.rings[1];
	u32 seen = 0;

	host_start(&h, NULL);
	add_queue(&h, 1, 16, 4);
	for (u32 round = 0; round < 20; round++) {
		for (u32 i = 0; i < 12; i++)
			ring_put(r, sqe_flush());
		ring_doorbell(&h, r);
		pass(&h, LONG_MS);
		for (seen = 0; seen < 3; seen++)
			CHECK(ring_peek(r, &cqe));
		CHECK(!ring_peek(r, &cqe));
		for (ring_ack(&h, r); seen < 12 && ring_wait(&h, r, &cqe); seen++)
			;
		CHECK_EQ(seen, 12);
		CHECK_EQ(model_le16(cqe.sqhd), r->tail);
	}
	host_stop(&h);
}

static void test_interrupts(void)
{
	struct nvme_cqe cqe;
	struct host h;
	u32 admin, before;

	host_start(&h, NULL);
	add_queue(&h, 1, 16, 16);
	CHECK_EQ(run(&h, &h.rings[1], sqe_flush()), 0);
	CHECK_EQ(atomic_load(&h.irqs[1]), 1);
	admin = atomic_load(&h.irqs[0]);
	CHECK(admin > 0);
	CHECK_EQ(run(&h, &h.rings[1], sqe_flush()), 0);
	CHECK_EQ(atomic_load(&h.irqs[1]), 2);
	CHECK_EQ(atomic_load(&h.irqs[0]), admin);
	before = atomic_load(&h.irqs[1]);
	reg_write(&h, NVME_REG_INTMS, 4, 2);
	CHECK_EQ(reg_read(&h, NVME_REG_INTMC, 4), 2);
	ring_submit(&h, &h.rings[1], sqe_flush());
	CHECK(ring_wait(&h, &h.rings[1], &cqe));
	pass(&h, LONG_MS);
	CHECK_EQ(atomic_load(&h.irqs[1]), before);
	reg_write(&h, NVME_REG_INTMC, 4, 2);
	nvme_model_sync(h.model);
	CHECK_EQ(atomic_load(&h.irqs[1]), before + 1);
	/* Without work the service thread sleeps. */
	while (!stats_of(&h).sleeps)
		sched_yield();
	host_stop(&h);
}

/* ---- Data ---- */

/* Fill the list from entry `first` on with the pages of the buffer from page `from` on. */
static void put_list(struct host *h, u32 first, u32 from, u32 count)
{
	struct hf_le64 *list = h->page.cpu;

	for (u32 i = 0; i < count; i++)
		list[first + i] = hf_le64(h->data.iova + (u64)(from + i) * PAGE);
}

static void check_data(struct host *h, u32 block_size)
{
	struct ring *r = &h->rings[1];
	u32 per_page = PAGE / block_size;
	struct hf_le64 *list = h->page.cpu;
	u8 *copy = malloc(DATA_SIZE);
	u64 end = nvme_model_blocks(h->model);
	u64 d = h->data.iova;

	REQUIRE(copy);
	fill(h->data.cpu, DATA_SIZE, block_size);
	memcpy(copy, h->data.cpu, DATA_SIZE);

	/* One block; the last block; one page; two pages, the first from its middle. */
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_WRITE, 0, 1, d, 0)), 0);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_WRITE, end - 1, 1, d + PAGE, 0)), 0);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, end - 1, 1, d + 2 * PAGE, 0)), 0);
	CHECK(!memcmp(data_at(h, 2 * PAGE), copy + PAGE, block_size));
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 0, 1, d + 2 * PAGE, 0)), 0);
	CHECK(!memcmp(data_at(h, 2 * PAGE), copy, block_size));
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_WRITE, 8, per_page, d + 3 * PAGE, 0)), 0);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 8, per_page, d + 5 * PAGE + 1024,
				  d + 6 * PAGE)), 0);
	CHECK(!memcmp(data_at(h, 5 * PAGE + 1024), copy + 3 * PAGE, PAGE));
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_WRITE, 64, 2 * per_page, d, d + PAGE)), 0);

	/* A list: write 32 pages, read them at an offset. */
	fill(h->data.cpu, DATA_SIZE, block_size + 1);
	memcpy(copy, h->data.cpu, DATA_SIZE);
	put_list(h, 0, 1, 31);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_WRITE, 128, 32 * per_page, d, h->page.iova)), 0);
	put_list(h, 0, 65, 31);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 128, 31 * per_page, d + 64 * PAGE + 512,
				  h->page.iova)), 0);
	CHECK(!memcmp(data_at(h, 64 * PAGE + 512), copy, 31 * PAGE));

	/* A list of two parts: it begins two entries before the end of its page. */
	put_list(h, 510, 1, 1);
	list[511] = hf_le64(d + 100 * PAGE);
	for (u32 i = 0; i < 30; i++)
		((struct hf_le64 *)(void *)data_at(h, 100 * PAGE))[i] =
			hf_le64(d + (u64)(2 + i) * PAGE);
	memset(h->data.cpu, 0, 32 * PAGE);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 128, 32 * per_page, d, h->page.iova + 4080)), 0);
	CHECK(!memcmp(h->data.cpu, copy, 32 * PAGE));

	/* The last entry in a page is a data page, not a link, if no entry follows. */
	put_list(h, 510, 1, 2);
	memset(h->data.cpu, 0, 3 * PAGE);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 128, 3 * per_page, d, h->page.iova + 4080)), 0);
	CHECK(!memcmp(h->data.cpu, copy, 3 * PAGE));

	/* Write Zeroes and Dataset Management. */
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_WRITE_ZEROES, 128 + per_page, per_page, 0, 0)), 0);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 128, 2 * per_page, d, d + PAGE)), 0);
	CHECK(!memcmp(h->data.cpu, copy, PAGE) && all_zero(data_at(h, PAGE), PAGE));
	((struct nvme_dsm_range *)h->page.cpu)[0] = (struct nvme_dsm_range) {
		.nlb = hf_le32(per_page), .slba = hf_le64(128) };
	((struct nvme_dsm_range *)h->page.cpu)[1] = (struct nvme_dsm_range) {
		.nlb = hf_le32(per_page), .slba = hf_le64(128 + 3 * per_page) };
	CHECK_EQ(run(h, r, (struct nvme_sqe) { .opcode = NVME_IO_DSM, .nsid = hf_le32(1),
		.prp1 = hf_le64(h->page.iova), .cdw10 = hf_le32(1),
		.cdw11 = hf_le32(NVME_DSM_AD) }), 0);
	put_list(h, 0, 1, 4);
	CHECK_EQ(run(h, r, sqe_rw(NVME_IO_READ, 128, 5 * per_page, d, h->page.iova)), 0);
	CHECK(all_zero(h->data.cpu, PAGE) && all_zero(data_at(h, 3 * PAGE), PAGE));
	CHECK(!memcmp(data_at(h, 2 * PAGE), copy + 2 * PAGE, PAGE));
	CHECK(!memcmp(data_at(h, 4 * PAGE), copy + 4 * PAGE, PAGE));
	memset(h->data.cpu, 0, 5 * PAGE);
	CHECK_EQ(run(h, r, sqe_sgl(NVME_IO_READ, 128, 5 * per_page, d, 5 * PAGE)), 0);
	CHECK(!memcmp(data_at(h, 2 * PAGE), copy + 2 * PAGE, PAGE));
	CHECK(!memcmp(data_at(h, 4 * PAGE), copy + 4 * PAGE, PAGE));
	CHECK_EQ(run(h, r, sqe_flush()), 0);
	free(copy);
}

static int image_file(u64 size)
{
	int fd = memfd_create("image", 0);

	REQUIRE(fd >= 0 && !ftruncate(fd, (off_t)size));
	return fd;
}

static void test_data(void)
{
	for (u32 i = 0; i < 4; i++) {
		struct nvme_model_config config;
		struct host h;

		nvme_model_config_init(&config);
		config.block_size = i & 1 ? 4096 : 512;
		if (i & 2)
			config.fd = image_file(8u << 20);
		host_start(&h, &config);
		add_queue(&h, 1, 32, 32);
		check_data(&h, config.block_size);
		host_stop(&h);
		if (i & 2)
			close(config.fd);
	}
}

static void test_large_pages(void)
{
	struct nvme_model_config config;
	struct host h;

	nvme_model_config_init(&config);
	config.page_shift_max = 13;
	config.mdts = 0;
	host_start(&h, &config);
	host_reset(&h);
	/* Pages of 8192 bytes: a buffer of 128 KiB is PRP1 and 15 entries. */
	ring_memory(&h, &h.rings[0], 0, 256, 512);
	reg_write(&h, NVME_REG_AQA, 4, 511u << 16 | 255u);
	reg_write(&h, NVME_REG_ASQ, 8, h.rings[0].sq.iova & ~8191ull);
	reg_write(&h, NVME_REG_ACQ, 8, h.rings[0].cq.iova & ~8191ull);
	/* The IOMMU aligns addresses of whole pages to more than that. */
	REQUIRE(!((h.rings[0].sq.iova | h.rings[0].cq.iova | h.data.iova) & 8191));
	reg_write(&h, NVME_REG_CC, 4, CC_ENABLED | NVME_PUT(NVME_CC_MPS, 1u));
	REQUIRE(wait_csts(&h, CSTS_RDY, CSTS_RDY));
	ring_memory(&h, &h.rings[1], 1, 256, 1024);
	CHECK_EQ(create_cq(&h, &h.rings[1], 1), 0);
	CHECK_EQ(create_sq(&h, &h.rings[1]), 0);
	fill(h.data.cpu, DATA_SIZE, 5);
	for (u32 i = 0; i < 31; i++)
		((struct hf_le64 *)h.page.cpu)[i] = hf_le64(h.data.iova + (i + 1) * 8192u);
	CHECK_EQ(run(&h, &h.rings[1], sqe_rw(NVME_IO_WRITE, 0, 512, h.data.iova, h.page.iova)), 0);
	CHECK(!memcmp(h.config.memory, h.data.cpu, 512 * 512));
	host_stop(&h);
}

static void test_bad_commands(void)
{
	struct host h;
	struct ring *r = &h.rings[1];
	struct nvme_sqe sqe;
	struct nvme_cqe cqe;
	struct dma ro;
	u64 d, end;

	host_start(&h, NULL);
	add_queue(&h, 1, 32, 32);
	ro = dma_new(&h, PAGE, HF_USER_DMA_READ);
	d = h.data.iova;
	end = nvme_model_blocks(h.model);
	fill(h.data.cpu, DATA_SIZE, 9);

	h.errors++, sqe = sqe_rw(NVME_IO_READ, end, 1, d, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_LBA_RANGE);
	h.errors++, sqe = sqe_rw(NVME_IO_WRITE, end - 1, 2, d, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_LBA_RANGE);
	h.errors++, sqe = sqe_rw(NVME_IO_WRITE_ZEROES, ~0ull, 2, 0, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_LBA_RANGE);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 257, d, h.page.iova);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);
	h.errors++, sqe = sqe_rw(0x7f, 0, 1, d, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_OPCODE);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, d + 2, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_PRP_OFFSET);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 16, d, d + PAGE + 8);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_PRP_OFFSET);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 17, d, h.page.iova + 4);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_PRP_OFFSET);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, d, d + PAGE);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, ro.iova, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_DATA_TRANSFER);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 16, d, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_DATA_TRANSFER);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, (uintptr_t)h.data.cpu, 0);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_DATA_TRANSFER);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, d, 0);
	sqe.nsid = hf_le32(2);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_NAMESPACE);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, d, 0);
	sqe.cdw3 = hf_le32(1);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, d, 0);
	sqe.cdw12 = hf_le32(1u << 16);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);
	h.errors++, sqe = sqe_rw(NVME_IO_READ, 0, 1, d, 0);
	sqe.flags = 0x80;
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);

	h.errors++, sqe = sqe_sgl(NVME_IO_WRITE, 0, 32, d, 16384);
	sqe.sgl.type = 0x20;
	CHECK_EQ(run(&h, r, sqe), NVME_SC_SGL_TYPE);
	h.errors++, sqe = sqe_sgl(NVME_IO_WRITE, 0, 32, d, 16384);
	sqe.sgl.rsvd12[2] = 1;
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);
	h.errors++, sqe = sqe_sgl(NVME_IO_WRITE, 0, 32, d, 8192);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_SGL_LENGTH);
	h.errors++, sqe = sqe_sgl(NVME_IO_WRITE, 0, 32, 0, 16384);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_DATA_TRANSFER);
	h.errors++, sqe = sqe_flush();
	sqe.flags = 0x40;
	CHECK_EQ(run(&h, r, sqe), NVME_SC_INVALID_FIELD);
	h.errors++, sqe = sqe_identify(&h, NVME_CNS_CONTROLLER, 0);
	sqe.flags = 0x40;
	CHECK_EQ(run(&h, &h.rings[0], sqe), NVME_SC_INVALID_FIELD);
	CHECK(all_zero(h.config.memory, 32 * 512));

	/* The last entry of a list is invalid: no block of the write reaches the medium. */
	put_list(&h, 0, 1, 3);
	((struct hf_le64 *)h.page.cpu)[2] = hf_le64(0);
	h.errors++, sqe = sqe_rw(NVME_IO_WRITE, 0, 32, d, h.page.iova);
	CHECK_EQ(run(&h, r, sqe), NVME_SC_DATA_TRANSFER);
	CHECK(all_zero(h.config.memory, 32 * 512));

	/* An identifier that is outstanding. */
	nvme_model_hold(h.model, true);
	ring_put(r, sqe_flush());
	r->next_cid--;
	ring_submit(&h, r, sqe_flush());
	CHECK(ring_wait(&h, r, &cqe));
	CHECK_EQ(code_of(&cqe), NVME_SC_CID_CONFLICT);
	h.errors++;
	nvme_model_hold(h.model, false);
	CHECK(ring_wait(&h, r, &cqe));
	CHECK_EQ(code_of(&cqe), NVME_SC_SUCCESS);
	dma_free(&h, &ro);
	host_stop(&h);
}

static void test_medium_errors(void)
{
	struct nvme_model_config config;
	char path[] = "/tmp/nvme-model-XXXXXX";
	struct host h;
	int fd = mkstemp(path);

	REQUIRE(fd >= 0 && !ftruncate(fd, 1 << 20));
	nvme_model_config_init(&config);
	config.fd = open(path, O_RDONLY);
	host_start(&h, &config);
	add_queue(&h, 1, 32, 32);
	CHECK_EQ(run(&h, &h.rings[1], sqe_rw(NVME_IO_READ, 0, 1, h.data.iova, 0)), 0);
	CHECK_EQ(run(&h, &h.rings[1], sqe_rw(NVME_IO_WRITE, 0, 1, h.data.iova, 0)),
		 NVME_SC_WRITE_FAULT);
	CHECK_EQ(run(&h, &h.rings[1], sqe_rw(NVME_IO_WRITE_ZEROES, 0, 1, 0, 0)),
		 NVME_SC_WRITE_FAULT);
	REQUIRE(!ftruncate(fd, 4096));
	CHECK_EQ(run(&h, &h.rings[1], sqe_rw(NVME_IO_READ, 7, 1, h.data.iova, 0)), 0);
	CHECK_EQ(run(&h, &h.rings[1], sqe_rw(NVME_IO_READ, 8, 1, h.data.iova, 0)),
		 NVME_SC_READ_ERROR);
	CHECK_EQ(stats_of(&h).medium_errors, 3);
	host_stop(&h);
	close(config.fd);
	close(fd);
	unlink(path);
}

/* ---- Hold, Abort, reset, fatal errors, shutdown ---- */

static void check_held(struct host *h, size_t count)
{
	nvme_model_sync(h->model);
	CHECK_EQ(nvme_model_held(h->model), count);
}

static u32 abort_of(struct host *h, u32 qid, u16 cid)
{
	u32 result = ~0u;

	CHECK_EQ(run_result(h, &h->rings[0], sqe_admin(NVME_ADMIN_ABORT, (u32)cid << 16 | qid, 0,
						       0), &result), 0);
	return result;
}

static void inject(struct host *h, enum nvme_model_fault fault, u32 sqid, u32 skip, u32 variant)
{
	CHECK(!nvme_model_inject(h->model, &(struct nvme_model_injection) {
		.fault = fault, .sqid = sqid, .opcode = NVME_MODEL_ANY, .skip = skip,
		.variant = variant }));
}

static void test_abort(void)
{
	struct nvme_cqe cqe;
	struct host h;
	struct ring *r = &h.rings[1];
	u16 cids[4], event;

	host_start(&h, NULL);
	add_queue(&h, 1, 32, 32);
	nvme_model_hold(h.model, true);
	for (u32 i = 0; i < 4; i++)
		cids[i] = ring_submit(&h, r, sqe_flush());
	check_held(&h, 4);
	CHECK_EQ(abort_of(&h, 1, cids[1]), 0);
	CHECK(ring_wait(&h, r, &cqe) && model_le16(cqe.cid) == cids[1]);
	CHECK_EQ(code_of(&cqe), NVME_SC_ABORT_REQUESTED);
	CHECK_EQ(abort_of(&h, 1, cids[1]), NVME_ABORT_NOT_ABORTED);
	CHECK_EQ(abort_of(&h, 1, 999), NVME_ABORT_NOT_ABORTED);
	check_held(&h, 3);
	nvme_model_hold(h.model, false);
	for (u32 i = 0; i < 4; i += i ? 1 : 2)
		CHECK(ring_wait(&h, r, &cqe) && model_le16(cqe.cid) == cids[i] && !code_of(&cqe));

	/* Two lost commands: the Abort of one succeeds, the Abort of the other fails. */
	inject(&h, NVME_MODEL_LOST_COMMAND, 1, 0, 1);
	inject(&h, NVME_MODEL_LOST_COMMAND, 1, 0, 2);
	cids[0] = ring_submit(&h, r, sqe_flush());
	cids[1] = ring_submit(&h, r, sqe_flush());
	CHECK(!ring_wait(&h, r, &cqe));
	CHECK_EQ(abort_of(&h, 1, cids[0]), 0);
	CHECK(ring_wait(&h, r, &cqe) && model_le16(cqe.cid) == cids[0]);
	CHECK_EQ(code_of(&cqe), NVME_SC_ABORT_REQUESTED);
	CHECK_EQ(abort_of(&h, 1, cids[1]), NVME_ABORT_NOT_ABORTED);
	CHECK(!ring_wait(&h, r, &cqe));
	CHECK_EQ(stats_of(&h).faults[NVME_MODEL_LOST_COMMAND], 2);

	/* Event requests stay pending, up to the limit. */
	event = ring_submit(&h, &h.rings[0], sqe_admin(NVME_ADMIN_ASYNC_EVENT, 0, 0, 0));
	for (u32 i = 0; i < 3; i++)
		ring_submit(&h, &h.rings[0], sqe_admin(NVME_ADMIN_ASYNC_EVENT, 0, 0, 0));
	CHECK_EQ(run(&h, &h.rings[0], sqe_admin(NVME_ADMIN_ASYNC_EVENT, 0, 0, 0)),
		 NVME_SC_ASYNC_LIMIT);
	h.errors = 1;
	ring_submit(&h, &h.rings[0], sqe_admin(NVME_ADMIN_ABORT, (u32)event << 16, 0, 0));
	CHECK(ring_wait(&h, &h.rings[0], &cqe) && model_le16(cqe.cid) == event);
	CHECK_EQ(code_of(&cqe), NVME_SC_ABORT_REQUESTED);
	CHECK(ring_wait(&h, &h.rings[0], &cqe) && !model_le32(cqe.result));
	host_stop(&h);
}

static void test_reset(void)
{
	struct nvme_model_config config;
	struct nvme_cqe cqe;
	struct host h;
	u64 start;

	nvme_model_config_init(&config);
	config.ready_delay_ms = 60;
	start = hf_sys_now_ms();
	host_start(&h, &config);
	CHECK_EQ(hf_sys_now_ms() - start, 60);

	/* With commands in flight: their memory is freed, and the model must not access it. */
	for (u32 round = 0; round < 3; round++) {
		add_queue(&h, 1, 32, 32);
		nvme_model_hold(h.model, round != 1);
		for (u32 i = 0; i < 20; i++)
			ring_submit(&h, &h.rings[1], sqe_rw(NVME_IO_WRITE, i, 1, h.data.iova, 0));
		if (round == 0)
			check_held(&h, 20);
		host_reset(&h);
		CHECK_EQ(nvme_model_held(h.model), 0);
		host_enable(&h);
	}
	nvme_model_hold(h.model, false);
	CHECK_EQ(stats_of(&h).resets, 3);

	/* After a fatal error nothing completes until the reset. */
	add_queue(&h, 1, 32, 32);
	inject(&h, NVME_MODEL_CONTROLLER_FATAL, 1, 2, 0);
	for (u32 i = 0; i < 5; i++)
		ring_submit(&h, &h.rings[1], sqe_flush());
	CHECK(ring_wait(&h, &h.rings[1], &cqe) && ring_wait(&h, &h.rings[1], &cqe));
	CHECK(wait_csts(&h, CSTS_CFS, CSTS_CFS));
	CHECK(!ring_wait(&h, &h.rings[1], &cqe));
	host_reset(&h);
	CHECK_EQ(reg_read(&h, NVME_REG_CSTS, 4), 0);
	host_enable(&h);
	nvme_model_set_fatal(h.model);
	CHECK(wait_csts(&h, CSTS_CFS, CSTS_CFS));
	CHECK_EQ(stats_of(&h).faults[NVME_MODEL_CONTROLLER_FATAL], 2);
	host_reset(&h);

	/* Enabled with a queue that is not mapped: a fatal error. */
	reg_write(&h, NVME_REG_CC, 4, CC_ENABLED);
	CHECK(wait_csts(&h, CSTS_CFS, CSTS_CFS));
	h.errors = 1;
	host_reset(&h);

	host_enable(&h);
	reg_write(&h, NVME_REG_CC, 4, CC_ENABLED | NVME_PUT(NVME_CC_SHN, NVME_CC_SHN_NORMAL));
	CHECK(wait_csts(&h, NVME_PUT(NVME_CSTS_SHST, 3u), NVME_PUT(NVME_CSTS_SHST, 2u)));
	CHECK_EQ(stats_of(&h).flushes, 1 + 2);
	host_stop(&h);
}

/* ---- Faults ---- */

/* Submit one Flush with a fault, and collect its entries. */
static u32 fault_entries(struct host *h, enum nvme_model_fault fault, u32 variant, struct nvme_cqe *cqe,
		       u16 *cid)
{
	u64 injected = stats_of(h).faults[fault];
	u32 count = 0;

	inject(h, fault, 1, 0, variant);
	h->snoop_index = h->rings[1].head;
	atomic_store(&h->snoop, true);
	*cid = ring_submit(h, &h->rings[1], sqe_flush());
	while (count < 3 && ring_wait(h, &h->rings[1], &cqe[count]))
		count++;
	CHECK(!atomic_load(&h->snoop));
	CHECK_EQ(stats_of(h).faults[fault], injected + (fault == NVME_MODEL_LATE_PHASE || count > 1));
	return count;
}

static bool is_good(struct host *h, const struct nvme_cqe *cqe, u16 cid)
{
	return model_le16(cqe->cid) == cid && model_le16(cqe->sqid) == 1 &&
	       model_le16(cqe->sqhd) == h->rings[1].tail && code_of(cqe) == 0;
}

static void test_faults(void)
{
	struct nvme_cqe cqe[3];
	struct host h;
	u32 tag;
	u16 cid;

	host_start(&h, NULL);
	add_queue(&h, 1, 32, 32);
	add_queue(&h, 2, 32, 32);
	for (u32 i = 0; i < 40; i++)
		CHECK_EQ(run(&h, &h.rings[1], sqe_flush()), 0);

	for (u32 i = 0; i < 12; i++) {
		CHECK_EQ(fault_entries(&h, NVME_MODEL_UNKNOWN_CID, 0, cqe, &cid), 2);
		CHECK(model_le16(cqe[0].cid) > cid && model_le16(cqe[0].sqid) == 1);
		CHECK(is_good(&h, &cqe[1], cid));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_REPEATED_CID, 0, cqe, &cid), 2);
		CHECK(is_good(&h, &cqe[0], cid) && is_good(&h, &cqe[1], cid));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_STALE_CID, 0, cqe, &cid), 2);
		CHECK(model_le16(cqe[0].cid) < cid && model_le16(cqe[0].sqid) == 1);
		CHECK(is_good(&h, &cqe[1], cid));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_WRONG_SQID, 0, cqe, &cid), 2);
		CHECK(model_le16(cqe[0].cid) == cid && model_le16(cqe[0].sqid) != 1);
		CHECK(is_good(&h, &cqe[1], cid));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_BAD_SQHD, 0, cqe, &cid), 2);
		CHECK(model_le16(cqe[0].cid) == cid && model_le16(cqe[0].sqhd) >= 32);
		CHECK(is_good(&h, &cqe[1], cid));
		CHECK_EQ(fault_entries(&h, NVME_MODEL_BAD_SQHD, 2, cqe, &cid), 2);
		CHECK_EQ(ring_next(model_le16(cqe[0].sqhd), 32), h.rings[1].tail);

		CHECK_EQ(fault_entries(&h, NVME_MODEL_EARLY_PHASE, 0, cqe, &cid), 2);
		CHECK(model_le16(cqe[0].cid) != cid);
		CHECK(is_good(&h, &cqe[1], cid));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_LATE_PHASE, 0, cqe, &cid), 1);
		CHECK(is_good(&h, &cqe[0], cid));
		tag = NVME_FIELD(le32toh(h.snooped[3]), NVME_CQE_PHASE);
		CHECK_EQ(le32toh(h.snooped[3]) & 0xffff, cid);
		CHECK_EQ(tag, !(model_le16(cqe[0].status) & 1));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_RESERVED_STATUS, 0, cqe, &cid), 2);
		CHECK(model_le16(cqe[0].cid) == cid);
		CHECK(NVME_FIELD(status_of(&cqe[0]), NVME_STATUS_SCT) >= 4 &&
		      NVME_FIELD(status_of(&cqe[0]), NVME_STATUS_SCT) <= 6);
		CHECK(is_good(&h, &cqe[1], cid));

		CHECK_EQ(fault_entries(&h, NVME_MODEL_TORN_ENTRY, 0, cqe, &cid), 2);
		CHECK(is_good(&h, &cqe[0], cid) ||
		      (model_le16(cqe[0].cid) == cid && model_le16(cqe[0].sqid) == 0xffff));
		CHECK(is_good(&h, &cqe[1], cid));
		CHECK_EQ(h.snooped[2], ~0u);
		CHECK_EQ(le32toh(h.snooped[3]) & 0xffff, cid);
	}
	CHECK_EQ(run(&h, &h.rings[2], sqe_flush()), 0);

	/* With one identifier for all commands, an old entry would name an outstanding one. */
	for (u32 i = 0; i < 70; i++) {
		h.rings[1].next_cid = 7;
		CHECK_EQ(run(&h, &h.rings[1], sqe_flush()), 0);
	}
	h.rings[1].next_cid = 7;
	CHECK_EQ(fault_entries(&h, NVME_MODEL_EARLY_PHASE, 0, cqe, &cid), 1);
	h.rings[1].next_cid = 7;
	CHECK_EQ(fault_entries(&h, NVME_MODEL_STALE_CID, 0, cqe, &cid), 1);
	CHECK(!nvme_model_fault_name(NVME_MODEL_FAULT_COUNT));
	CHECK(!strcmp(nvme_model_fault_name(NVME_MODEL_TORN_ENTRY), "torn-entry"));
	host_stop(&h);
}

static void test_out_of_order(void)
{
	struct nvme_cqe cqe[4];
	struct host h;
	struct ring *r = &h.rings[1];
	u16 first;

	host_start(&h, NULL);
	add_queue(&h, 1, 32, 32);
	inject(&h, NVME_MODEL_OUT_OF_ORDER, 1, 0, 0);
	first = ring_put(r, sqe_flush());
	for (u32 i = 0; i < 3; i++)
		ring_put(r, sqe_flush());
	ring_doorbell(&h, r);
	for (u32 i = 0; i < 4; i++)
		CHECK(ring_wait(&h, r, &cqe[i]));
	CHECK(model_le16(cqe[0].cid) != first);
	/* Alone in the queue it is not delayed. */
	inject(&h, NVME_MODEL_OUT_OF_ORDER, 1, 0, 0);
	CHECK_EQ(run(&h, r, sqe_flush()), 0);
	host_stop(&h);
}

static void test_invalid_identify(void)
{
	struct host h;
	struct ring *admin = &h.rings[0];
	static u8 good_page[2][PAGE];

	host_start(&h, NULL);
	for (u32 cns = 0; cns < 2; cns++) {
		CHECK_EQ(run(&h, admin, sqe_identify(&h, cns, !cns)), 0);
		memcpy(good_page[cns], h.page.cpu, PAGE);
	}
	for (u32 variant = 1; variant < NVME_MODEL_ID_COUNT; variant++) {
		u32 cns = variant >= NVME_MODEL_ID_MDTS;

		inject(&h, NVME_MODEL_INVALID_IDENTIFY, 0, 0, variant);
		if (variant != NVME_MODEL_ID_ONES) {
			CHECK_EQ(run(&h, admin, sqe_identify(&h, !cns, cns)), 0);
			CHECK(!memcmp(good_page[!cns], h.page.cpu, PAGE));
		}
		CHECK_EQ(run(&h, admin, sqe_identify(&h, cns, !cns)), 0);
		CHECK(memcmp(good_page[cns], h.page.cpu, PAGE));
		CHECK_EQ(run(&h, admin, sqe_identify(&h, cns, !cns)), 0);
		CHECK(!memcmp(good_page[cns], h.page.cpu, PAGE));
	}
	CHECK_EQ(stats_of(&h).faults[NVME_MODEL_INVALID_IDENTIFY], NVME_MODEL_ID_COUNT - 1);
	host_stop(&h);
}

static u32 faults_injected(struct host *h)
{
	struct nvme_model_stats s = stats_of(h);
	u32 injected = 0;

	for (u32 i = 0; i < NVME_MODEL_FAULT_COUNT; i++)
		if (nvme_model_fault_rejectable(i))
			injected += (u32)s.faults[i];
	return injected;
}

/*
 * All faults at random, and a host that validates entries by the rules of model.h: it accepts each
 * command once, and rejects as many entries as were injected. Returns a digest of the faults.
 */
static u64 random_run(u64 seed, u32 commands, u32 cq_size)
{
	struct nvme_model_config config;
	struct nvme_model_stats s;
	static bool outstanding[65536];
	struct host h;
	struct ring *r = &h.rings[1];
	u32 in_flight = 0, sent = 0, taken = 0, rejected = 0, injected = 0;
	u64 digest = 0;

	nvme_model_config_init(&config);
	config.seed = seed;
	for (u32 i = 0; i < NVME_MODEL_FAULT_COUNT; i++)
		config.rate[i] = 10000;
	config.rate[NVME_MODEL_LOST_COMMAND] = 0;
	config.rate[NVME_MODEL_CONTROLLER_FATAL] = 0;
	host_start(&h, &config);
	add_queue(&h, 1, 64, cq_size);
	memset(outstanding, 0, sizeof(outstanding));
	while (taken < commands) {
		struct nvme_cqe cqe;
		u32 tail = r->tail;
		u16 cid;

		/* One doorbell for all commands of a batch, so that every run is the same. */
		while (in_flight < 20 && sent < commands) {
			cid = ring_put(r, sqe_rw(NVME_IO_READ, sent % 1000, 1, h.data.iova, 0));
			outstanding[cid] = true;
			in_flight++;
			sent++;
		}
		if (r->tail != tail)
			ring_doorbell(&h, r);
		if (!CHECK(ring_wait(&h, r, &cqe)))
			break;
		cid = model_le16(cqe.cid);
		if (model_le16(cqe.sqid) != 1 || model_le16(cqe.sqhd) >= r->size ||
		    !outstanding[cid] || NVME_FIELD(status_of(&cqe), NVME_STATUS_SCT) >= 4) {
			rejected++;
			continue;
		}
		outstanding[cid] = false;
		in_flight--;
		taken++;
	}
	CHECK_EQ(taken, commands);
	/* The additional entries of the last commands. */
	for (struct nvme_cqe cqe; ring_wait(&h, r, &cqe);)
		rejected++;
	s = stats_of(&h);
	injected = faults_injected(&h);
	for (u32 i = 0; i < NVME_MODEL_FAULT_COUNT; i++) {
		digest = digest * 1000003 + s.faults[i];
		if (cq_size > 64 && config.rate[i] && i != NVME_MODEL_INVALID_IDENTIFY)
			CHECK(s.faults[i] > 0);
	}
	CHECK_EQ(rejected, injected);
	CHECK_EQ(s.failures, 0);
	host_stop(&h);
	return digest;
}

static void test_random(void)
{
	u64 one = random_run(1, 5000, 256);

	CHECK_EQ(random_run(1, 5000, 256), one);
	CHECK(random_run(2, 5000, 256) != one);
	/* With little room in the completion queue there are fewer faults. */
	random_run(3, 5000, 2);
	random_run(4, 5000, 3);
}

/* ---- Speed ---- */

#define BENCH_DEPTH	32u

struct bench {
	struct host *h;
	struct ring *r;
	u64 commands, done;
	u8 opcode;
};

static void *bench_thread(void *arg)
{
	struct bench *b = arg;
	struct host *h = b->h;
	u32 blocks = PAGE / h->config.block_size, in_flight = 0;
	u64 sent = 0, places = nvme_model_blocks(h->model) / blocks;

	while (b->done < b->commands) {
		struct nvme_cqe cqe;
		u32 put = 0, got = 0;

		for (; in_flight < BENCH_DEPTH && sent < b->commands; in_flight++, sent++, put++)
			ring_put(b->r, sqe_rw(b->opcode, (sent * 7919 % places) * blocks, blocks,
					      h->data.iova + (u64)(b->r->qid * 32 + sent % 32) *
							     PAGE, 0));
		if (put)
			ring_doorbell(h, b->r);
		while (ring_peek(b->r, &cqe))
			got++;
		if (got)
			ring_ack(h, b->r);
		else
			sched_yield();
		in_flight -= got;
		b->done += got;
	}
	return NULL;
}

static void bench(const char *name, int fd, u8 opcode)
{
	struct nvme_model_config config;
	struct bench b[2];
	pthread_t threads[2];
	struct timespec t0, t1;
	struct host h;
	double s;

	nvme_model_config_init(&config);
	config.fd = fd;
	config.block_size = 4096;
	host_start(&h, &config);
	for (u32 i = 0; i < 2; i++) {
		add_queue(&h, i + 1, 64, 64);
		b[i] = (struct bench) { &h, &h.rings[i + 1], 1000000, 0, opcode };
	}
	clock_gettime(CLOCK_MONOTONIC, &t0);
	for (u32 i = 0; i < 2; i++)
		REQUIRE(!pthread_create(&threads[i], NULL, bench_thread, &b[i]));
	for (u32 i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	s = (double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) / 1e9;
	printf("%-14s %8.0f commands/s (%llu sleeps)\n", name, 2e6 / s,
	       (unsigned long long)stats_of(&h).sleeps);
	host_stop(&h);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "iommu", test_iommu },
		{ "registers", test_registers },
		{ "config", test_config },
		{ "identify", test_identify },
		{ "queues", test_queues },
		{ "cq_full", test_cq_full },
		{ "interrupts", test_interrupts },
		{ "data", test_data },
		{ "large_pages", test_large_pages },
		{ "bad_commands", test_bad_commands },
		{ "medium_errors", test_medium_errors },
		{ "abort", test_abort },
		{ "reset", test_reset },
		{ "faults", test_faults },
		{ "out_of_order", test_out_of_order },
		{ "invalid_identify", test_invalid_identify },
		{ "random", test_random },
	};

	if (argc > 1 && !strcmp(argv[1], "--bench")) {
		int fd = image_file(64u << 20);

		bench("memory read", -1, NVME_IO_READ);
		bench("memory write", -1, NVME_IO_WRITE);
		bench("file read", fd, NVME_IO_READ);
		bench("file write", fd, NVME_IO_WRITE);
		close(fd);
		return failed != 0;
	}
	hf_user_clock_stop(NULL, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		unsigned int before = failed;

		if (argc > 1 && !strstr(tests[i].name, argv[1]))
			continue;
		tests[i].run();
		printf("%-18s %s\n", tests[i].name, failed == before ? "ok" : "FAILED");
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
