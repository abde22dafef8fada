/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The host. See host.h.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "host.h"

/* ---- Time ---- */

static void host_advance(struct host *h, unsigned int ms)
{
	hf_user_clock_advance(ms);
	if (h->model)
		nvme_model_sync(h->model);
}

/* Called while the driver waits. */
static void host_idle(void *arg)
{
	host_advance(arg, 1);
}

void host_tick_if_due(struct host *h)
{
	const u64 now = hf_sys_now_ms();

	if (!h->ctrl || now < h->next_tick)
		return;
	h->next_tick = now + h->tick_ms;
	/* The next submission reports an error. */
	(void)nvme_tick(h->ctrl);
}

void host_pass(struct host *h)
{
	host_advance(h, 1);
	host_tick_if_due(h);
}

/* ---- Host operations ---- */

static u64 host_now_ms(void *arg)
{
	(void)arg;
	return hf_sys_now_ms();
}

static void host_sleep_ms(void *arg, unsigned int ms)
{
	const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	struct host *h = arg;

	if (h->real_time)
		nanosleep(&t, NULL);
	else
		host_advance(h, ms);
}

static void host_disable_dma(void *arg)
{
	/* Without the service thread nothing accesses memory. */
	host_unplug(arg);
}

static void host_log(void *arg, enum nvme_log_level level, const char *text, u64 value)
{
	struct host *h = arg;

	if (level == NVME_LOG_LEVEL_INFO)
		return;
	if (level == NVME_LOG_LEVEL_ERROR) {
		hf_lock(last, &h->last_error);
		snprintf(last->text, sizeof(last->text), "%s (%llu)", text,
			 (unsigned long long)value);
	}
	if (!h->silent && level == NVME_LOG_LEVEL_WARN)
		cli_note("controller: %s (%llu)", text, (unsigned long long)value);
}

static const struct nvme_host_ops host_ops = {
	.now_ms = host_now_ms,
	.sleep_ms = host_sleep_ms,
	.disable_dma = host_disable_dma,
	.log = host_log,
};

/* ---- The machine ---- */

int host_init_real_time(struct host *h, const struct cli_options *o,
			const struct host_timeouts *timeouts)
{
	*h = (struct host) { .o = o, .real_time = true };
	h->iommu = hf_user_iommu_new();
	if (!h->iommu)
		return cli_error("out of memory");
	h->dev.iommu = h->iommu;
	hf_lock_init(&h->last_error);
	h->config = (struct nvme_config) {
		.dev = &h->dev,
		.ops = &host_ops,
		.host = h,
		.queues = (u16)o->queues,
		/* One entry of a ring stays empty. */
		.entries = (u16)(o->depth + 1),
		.max_transfer = 2 * HFNVME_MIB,
		.timeout_ms = o->timeout_ms ? o->timeout_ms : timeouts->command,
		.abort_ms = timeouts->abort,
		.admin_ms = timeouts->admin,
	};
	h->tick_ms = h->config.timeout_ms / 10 < 100 ? h->config.timeout_ms / 10 : 100;
	if (!h->tick_ms)
		h->tick_ms = 1;
	return 0;
}

int host_init(struct host *h, const struct cli_options *o, const struct host_timeouts *timeouts)
{
	int status = host_init_real_time(h, o, timeouts);

	if (!status) {
		h->real_time = false;
		hf_user_clock_stop(host_idle, h);
	}
	return status;
}

int host_plug(struct host *h, const struct hfnvme_image *image, bool faults)
{
	struct nvme_model_config config;
	struct hfnvme_signals signals;
	const char *wrong;
	int err;

	nvme_model_config_init(&config);
	config.fd = image->fd;
	config.memory = image->memory;
	config.memory_size = image->size;
	config.block_size = h->o->block_size;
	config.queues = (u16)h->o->queues;
	config.seed = h->o->seed;
	if (faults) {
		memcpy(config.rate, h->o->rate, sizeof(config.rate));
		config.admin_faults = true;
	}
	wrong = nvme_model_config_check(&config);
	if (wrong)
		return cli_error("%s: %s", h->o->image ? h->o->image : "memory", wrong);
	signals = hfnvme_signals_off();
	err = nvme_model_new(&config, h->iommu, &h->model);
	hfnvme_signals_on(&signals);
	if (err)
		return cli_error("the controller model does not start: %s", hf_errname(err));
	h->config.io =
		hf_user_io_model(&nvme_model_io_ops, h->model, nvme_model_bar_size(h->model));
	return 0;
}

static void add_stats(struct nvme_model_stats *sum, const struct nvme_model_stats *s)
{
	sum->admin_commands += s->admin_commands;
	sum->io_commands += s->io_commands;
	sum->completions += s->completions;
	sum->failures += s->failures;
	sum->blocks_read += s->blocks_read;
	sum->blocks_written += s->blocks_written;
	sum->blocks_zeroed += s->blocks_zeroed;
	sum->flushes += s->flushes;
	sum->medium_errors += s->medium_errors;
	sum->interrupts += s->interrupts;
	sum->resets += s->resets;
	sum->sleeps += s->sleeps;
	sum->driver_errors += s->driver_errors;
	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++)
		hf_array_at(sum->faults, k) += hf_array_at(s->faults, k);
}

void host_unplug(struct host *h)
{
	struct nvme_model_stats stats;
	unsigned int kept = 0;

	if (!h->model)
		return;
	nvme_model_stats(h->model, &stats);
	add_stats(&h->stats, &stats);
	while (kept < NVME_MODEL_ERRORS && hf_array_at(h->driver_errors, kept)[0])
		kept++;
	for (unsigned int back = 0; kept < NVME_MODEL_ERRORS; back++)
		if (!nvme_model_driver_error(h->model, back, hf_array_at(h->driver_errors, kept++)))
			break;
	nvme_model_free(h->model);
	h->model = NULL;
}

size_t host_fini(struct host *h)
{
	size_t left;

	host_unplug(h);
	if (!h->real_time)
		hf_user_clock_start();
	hf_lock_fini(&h->last_error);
	left = hf_user_iommu_free(h->iommu);
	h->iommu = NULL;
	return left;
}

/* ---- One start of the driver ---- */

static int run_on(struct host *h, const struct nvme_ctrl *ctrl, struct host_outcome *out,
		  int (*body)(struct host *h, const struct nvme_ctrl *ctrl, void *arg), void *arg)
{
	int status;

	h->ctrl = ctrl;
	h->next_tick = 0;
	status = body(h, ctrl, arg);
	h->ctrl = NULL;
	out->shutdown = nvme_shutdown(ctrl);
	nvme_ctrl_stats(ctrl, &out->stats);
	return status;
}

int host_run(struct host *h, struct host_outcome *out,
	     int (*body)(struct host *h, const struct nvme_ctrl *ctrl, void *arg), void *arg)
{
	struct nvme_ctrl_own_result started = nvme_ctrl_start(&h->config);

	*out = (struct host_outcome) { .start = hf_errno(started) };
	if (out->start)
		return CLI_FAILED;
	hf_let(nvme_ctrl, ctrl, hf_expect(started, "just tested"));
	hf_borrow(c, ctrl);
	return run_on(h, c, out, body, arg);
}

struct hfnvme_text host_last_error_text(const struct host *h)
{
	struct hfnvme_text t;

	hf_lock(last, &h->last_error);
	snprintf(t.s, sizeof(t.s), "%.90s", last->text);
	return t;
}

int host_start_error(const struct host *h, int err)
{
	struct hfnvme_text why = host_last_error_text(h);

	/* It was not tried again. */
	if (hfnvme_interrupted())
		return CLI_INTERRUPTED;
	return cli_error("the controller does not start: %s%s%s", hf_errname(err),
			    why.s[0] ? ": " : "", why.s);
}

struct hfnvme_text host_status_text(u16 status, int err)
{
	static const struct {
		u16 status;
		const char *name;
	} names[] = {
		{ NVME_SC_INVALID_OPCODE, "Invalid Command Opcode" },
		{ NVME_SC_INVALID_FIELD, "Invalid Field in Command" },
		{ NVME_SC_DATA_TRANSFER, "Data Transfer Error" },
		{ NVME_SC_INTERNAL, "Internal Error" },
		{ NVME_SC_ABORT_REQUESTED, "Command Abort Requested" },
		{ NVME_SC_LBA_RANGE, "LBA Out of Range" },
		{ NVME_SC_CAPACITY_EXCEEDED, "Capacity Exceeded" },
		{ NVME_SC_NAMESPACE_NOT_READY, "Namespace Not Ready" },
		{ NVME_SC_READ_ONLY, "Attempted Write to Read Only Range" },
		{ NVME_SC_WRITE_FAULT, "Write Fault" },
		{ NVME_SC_READ_ERROR, "Unrecovered Read Error" },
		{ NVME_SC_COMPARE_FAILED, "Compare Failure" },
		{ NVME_SC_ACCESS_DENIED, "Access Denied" },
	};
	u16 code = status & NVME_STATUS_CODE;
	struct hfnvme_text t;

	if (!code || status == NVME_NO_STATUS) {
		snprintf(t.s, sizeof(t.s), "%s%s", hf_errname(err),
			 err == -ETIMEDOUT ? " (the command was aborted)" : "");
		return t;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].status == code) {
			snprintf(t.s, sizeof(t.s), "%s (status 0x%x)", names[i].name, code);
			return t;
		}
	}
	snprintf(t.s, sizeof(t.s), "%s (status 0x%x)", hf_errname(err), code);
	return t;
}
