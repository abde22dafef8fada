// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "rig.h"

/* ---- Time ---- */

void rig_pass(struct rig *rig, u64 ms)
{
	hf_user_clock_advance(ms);
	if (rig->model)
		nvme_model_sync(rig->model);
}

static void rig_idle(void *arg)
{
	rig_pass(arg, 1);
}

void rig_join_clock(struct rig *rig)
{
	hf_user_clock_idle(rig_idle, rig);
}

/* ---- The driver's host ---- */

static u64 rig_now(void *host)
{
	(void)host;
	return hf_sys_now_ms();
}

static void rig_sleep(void *host, unsigned int ms)
{
	rig_pass(host, ms);
}

static void rig_disable_dma(void *host)
{
	struct rig *rig = host;

	rig->dma_disabled++;
	nvme_model_free(rig->model);
	rig->model = NULL;
}

static void rig_log(void *host, enum nvme_log_level level, const char *text, u64 value)
{
	struct rig *rig = host;

	if (level == NVME_LOG_LEVEL_ERROR) {
		rig->errors++;
	} else if (level == NVME_LOG_LEVEL_WARN) {
		rig->warnings++;
		rig->warned = value;
	}
	if (rig->verbose)
		fprintf(stderr, "nvme: %s (%llu)\n", text, (unsigned long long)value);
}

static void rig_changed(void *host)
{
	struct rig *rig = host;

	rig->changes++;
}

static const struct nvme_host_ops rig_ops = {
	.now_ms = rig_now,
	.sleep_ms = rig_sleep,
	.disable_dma = rig_disable_dma,
	.log = rig_log,
	.changed = rig_changed,
};

/* ---- Registers: those of the model, until the device is removed ---- */

static u64 rig_reg_read(void *ctx, size_t offset, unsigned int width)
{
	struct rig *rig = ctx;

	if (hf_sys_read_once(&rig->removed))
		return ~0ull;
	return nvme_model_io_ops.read(rig->model, offset, width);
}

static void rig_reg_write(void *ctx, size_t offset, unsigned int width, u64 value)
{
	struct rig *rig = ctx;

	if (!hf_sys_read_once(&rig->removed))
		nvme_model_io_ops.write(rig->model, offset, width, value);
}

static const struct hf_user_io_ops rig_io_ops = { .read = rig_reg_read, .write = rig_reg_write };

/* On the service thread. */
static void rig_irq(void *arg, unsigned int vector)
{
	struct rig *rig = arg;

	pthread_mutex_lock(&rig->irq_lock);
	if (rig->ctrl)
		for (unsigned int q = vector; q <= nvme_ctrl_info(rig->ctrl)->queues; q++)
			if (q % rig->config.vectors == vector)
				nvme_poll(rig->ctrl, q);
	pthread_mutex_unlock(&rig->irq_lock);
}

/* ---- Start and stop ---- */

void rig_init(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	hf_user_clock_stop(rig_idle, rig);
	nvme_model_config_init(&rig->model_config);
	pthread_mutex_init(&rig->irq_lock, NULL);
	rig->verbose = getenv("NVME_TESTS_VERBOSE") != NULL;
	rig->disk = aligned_alloc(RIG_PAGE, RIG_DISK);
	rig->buffer = aligned_alloc(RIG_PAGE, RIG_BUFFER);
	memset(rig->disk, 0xa5, RIG_DISK);
	memset(rig->buffer, 0, RIG_BUFFER);
	rig->model_config.memory = rig->disk;
	rig->model_config.memory_size = RIG_DISK;
	rig->config.ops = &rig_ops;
	rig->config.host = rig;
	/* Longer than any test: time-outs come only in tests that advance the clock so far. */
	rig->config.timeout_ms = rig->config.abort_ms = 1000u * 1000;
	rig->iommu = hf_user_iommu_new();
	rig->dev.iommu = rig->iommu;
	HF_EXPECT_EQ(hf_user_iommu_map(rig->iommu, rig->buffer, RIG_BUFFER,
				       HF_USER_DMA_READ | HF_USER_DMA_WRITE, &rig->buffer_addr), 0);
}

void rig_start_model(struct rig *rig)
{
	if (rig->config.vectors) {
		rig->model_config.irq = rig_irq;
		rig->model_config.irq_arg = rig;
	}
	HF_EXPECT_EQ(nvme_model_new(&rig->model_config, rig->iommu, &rig->model), 0);
	rig->config.dev = &rig->dev;
	rig->config.io = hf_user_io_model(&rig_io_ops, rig, nvme_model_bar_size(rig->model));
}

int rig_start_driver(struct rig *rig)
{
	hf_let(nvme_ctrl, ctrl, hf_try(nvme_ctrl_start(&rig->config)));

	pthread_mutex_lock(&rig->irq_lock);
	rig->ctrl = hf_ref(ctrl);
	pthread_mutex_unlock(&rig->irq_lock);
	hf_for_each(ns, nvme_ctrl_namespaces(hf_ref(ctrl))) {
		rig->ns = ns;
		break;
	}
	hf_set(rig->ctrl_place, hf_move(ctrl));
	return 0;
}

int rig_start(struct rig *rig)
{
	rig_start_model(rig);
	return rig_start_driver(rig);
}

void rig_stop_driver(struct rig *rig)
{
	pthread_mutex_lock(&rig->irq_lock);
	rig->ctrl = NULL;
	pthread_mutex_unlock(&rig->irq_lock);
	hf_let(nvme_ctrl, ctrl, hf_take(rig->ctrl_place));
}

void rig_stop(struct rig *rig)
{
	char text[NVME_MODEL_ERROR_LEN];

	rig_stop_driver(rig);
	if (rig->model) {
		HF_EXPECT_EQ(rig_model_stats(rig).driver_errors, rig->expected_driver_errors);
		for (u32 i = rig->expected_driver_errors;
		     nvme_model_driver_error(rig->model, i, text); i++)
			hf_test_fail_(__FILE__, __LINE__, "driver error: %s", text);
		nvme_model_free(rig->model);
	}
	HF_EXPECT_EQ(hf_user_iommu_unmap(rig->iommu, rig->buffer_addr, RIG_BUFFER), 0);
	HF_EXPECT_EQ(hf_user_iommu_free(rig->iommu), 0);
	free(rig->buffer);
	free(rig->disk);
	pthread_mutex_destroy(&rig->irq_lock);
	hf_user_clock_start();
}

void rig_expect_driver_errors(struct rig *rig, unsigned int n)
{
	rig->expected_driver_errors = n;
}

/* ---- Requests ---- */

struct nvme_segment rig_segment(const struct rig *rig, size_t offset, u32 len)
{
	return (struct nvme_segment){ .addr = rig->buffer_addr + offset, .len = len };
}

static void rig_done(struct nvme_request_own done, int err)
{
	hf_let(nvme_request, req, done);
	struct tally *tally = hf_ref(req)->ctx;

	hf_sys_write_once(&tally->status, hf_ref(req)->status);
	if (err) {
		__atomic_fetch_add(&tally->failed, 1, __ATOMIC_RELAXED);
		hf_sys_write_once(&tally->err, err);
	}
	__atomic_fetch_add(&tally->done, 1, __ATOMIC_RELEASE);
}

struct nvme_request_own rig_request(struct tally *tally)
{
	hf_let(nvme_request, req, hf_expect(hf_new(nvme_request, GFP_KERNEL), "memory"));

	hf_mut(req)->done = rig_done;
	hf_mut(req)->ctx = tally;
	return hf_move(req);
}

int rig_submit(struct rig *rig, unsigned int queue, struct nvme_request_own *req)
{
	const u64 until = hf_sys_now_ms() + RIG_LONG_MS;
	int err;

	for (;;) {
		err = nvme_submit(rig->ctrl, queue, req);
		if (err != -EAGAIN || hf_sys_now_ms() > until)
			return err;
		if (!nvme_poll(rig->ctrl, queue))
			rig_pass(rig, 1);
	}
}

int rig_rw(struct rig *rig, unsigned int queue, bool write, u64 lba, u32 blocks,
	   struct nvme_segment_cslice data, struct tally *tally)
{
	hf_let(nvme_request, req, rig_request(tally));

	if (write)
		hf_try_errno(nvme_prep_write(hf_mut(req), rig->ns, lba, blocks, data, 0));
	else
		hf_try_errno(nvme_prep_read(hf_mut(req), rig->ns, lba, blocks, data));
	return rig_submit(rig, queue, &req);
}

unsigned int rig_poll(struct rig *rig)
{
	unsigned int n = 0;

	for (unsigned int q = 1; q <= nvme_ctrl_info(rig->ctrl)->queues; q++)
		n += nvme_poll(rig->ctrl, q);
	return n;
}

bool rig_wait(struct rig *rig, const struct tally *tally, unsigned int n)
{
	const u64 until = hf_sys_now_ms() + RIG_LONG_MS;

	while (__atomic_load_n(&tally->done, __ATOMIC_ACQUIRE) < n) {
		if (hf_sys_now_ms() > until) {
			hf_test_fail_(__FILE__, __LINE__, "%u of %u commands are done",
				      tally->done, n);
			return false;
		}
		if (!rig_poll(rig))
			rig_pass(rig, 1);
	}
	/* A command that completes twice would show now. */
	rig_poll(rig);
	HF_EXPECT_EQ(tally->done, n);
	return tally->done == n;
}

bool rig_holds(struct rig *rig, size_t n)
{
	nvme_model_sync(rig->model);
	HF_EXPECT_EQ(nvme_model_held(rig->model), n);
	return nvme_model_held(rig->model) == n;
}

/* ---- What happened ---- */

struct nvme_stats rig_stats(const struct rig *rig)
{
	struct nvme_stats stats;

	nvme_ctrl_stats(rig->ctrl, &stats);
	return stats;
}

struct nvme_model_stats rig_model_stats(const struct rig *rig)
{
	struct nvme_model_stats stats;

	nvme_model_stats(rig->model, &stats);
	return stats;
}

u64 rig_faults_injected(const struct rig *rig)
{
	struct nvme_model_stats stats = rig_model_stats(rig);
	u64 n = 0;

	for (unsigned int i = 0; i < NVME_MODEL_FAULT_COUNT; i++)
		if (nvme_model_fault_rejectable(i))
			n += stats.faults[i];
	return n;
}

u64 rig_entries_rejected(const struct rig *rig)
{
	struct nvme_stats stats = rig_stats(rig);
	u64 n = 0;

	for (unsigned int i = 0; i < NVME_PROTO_ERR_IDENTIFY; i++)
		n += stats.protocol_errors[i];
	return n;
}

void rig_inject(struct rig *rig, enum nvme_model_fault fault, u32 sqid, u32 opcode, u32 count,
		u32 variant)
{
	const struct nvme_model_injection injection = {
		.fault = fault,
		.sqid = sqid,
		.opcode = opcode,
		.count = count,
		.variant = variant,
	};

	HF_EXPECT_EQ(nvme_model_inject(rig->model, &injection), 0);
}

/* ---- Patterns ---- */

static u8 pattern(u64 seed, size_t i)
{
	u64 x = (seed + i / 8) * 0x9e3779b97f4a7c15u;

	return (u8)((x ^ x >> 29) >> (i % 8 * 8));
}

void rig_fill(u8 *p, size_t len, u64 seed)
{
	for (size_t i = 0; i < len; i++)
		p[i] = pattern(seed, i);
}

bool rig_is_filled(const u8 *p, size_t len, u64 seed)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != pattern(seed, i))
			return false;
	return true;
}

bool rig_is_zero(const u8 *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}
