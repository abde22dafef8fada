/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * identify: print the validated Identify data.
 */
#include <stdio.h>

#include "host.h"

static void print_namespace(const struct nvme_namespace *ns)
{
	u64 bytes = ns->blocks << ns->block_shift;

	printf("namespace %u:\n", ns->nsid);
	printf("  %-18s %llu of %u bytes, %s\n", "blocks", (unsigned long long)ns->blocks,
	       1u << ns->block_shift, hfnvme_bytes(bytes).s);
	printf("  %-18s %u blocks\n", "largest transfer", ns->max_blocks);
	printf("  %-18s %s\n", "SGLs", ns->can_sgl ? "yes" : "no");
	printf("  %-18s %s\n", "write zeroes", ns->can_write_zeroes ? "yes" : "no");
	printf("  %-18s %s%s\n", "deallocate", ns->can_deallocate ? "yes" : "no",
	       ns->can_deallocate && ns->deallocated_reads_zero ? ", then reads as zeroes" : "");
}

static void print_info(const struct nvme_info *info, struct nvme_namespace_cslice namespaces)
{
	printf("controller:\n");
	printf("  %-18s %s\n", "model", info->model);
	printf("  %-18s %s\n", "serial number", info->serial);
	printf("  %-18s %s\n", "firmware", info->firmware);
	printf("  %-18s 0x%04x\n", "PCI vendor", info->vendor);
	printf("  %-18s %u.%u.%u\n", "NVMe version", info->version >> 16, info->version >> 8 & 0xff,
	       info->version & 0xff);
	printf("  %-18s %u, of %u entries\n", "I/O queue pairs", info->queues, info->entries);
	printf("  %-18s %s\n", "largest transfer", hfnvme_bytes(info->max_transfer).s);
	printf("  %-18s %s\n", "write cache", info->volatile_write_cache ? "volatile" : "none");
	printf("  %-18s %u ms\n", "ready within", info->timeout_ms);
	hf_for_each(ns, namespaces)
		print_namespace(ns);
}

static void json_info(const struct cli_options *o, const struct nvme_info *info,
		      struct nvme_namespace_cslice namespaces)
{
	struct cli_json j = { .enabled = true };

	cli_json_open(&j, NULL);
	cli_json_string(&j, "command", o->command);
	cli_json_string(&j, "image", o->image);
	cli_json_open(&j, "controller");
	cli_json_string(&j, "model", info->model);
	cli_json_string(&j, "serial", info->serial);
	cli_json_string(&j, "firmware", info->firmware);
	cli_json_u64(&j, "vendor", info->vendor);
	cli_json_u64(&j, "version", info->version);
	cli_json_u64(&j, "queues", info->queues);
	cli_json_u64(&j, "entries", info->entries);
	cli_json_u64(&j, "max_transfer", info->max_transfer);
	cli_json_bool(&j, "volatile_write_cache", info->volatile_write_cache);
	cli_json_u64(&j, "ready_timeout_ms", info->timeout_ms);
	cli_json_close(&j);
	cli_json_list(&j, "namespaces");
	hf_for_each(ns, namespaces) {
		cli_json_open(&j, NULL);
		cli_json_u64(&j, "nsid", ns->nsid);
		cli_json_u64(&j, "blocks", ns->blocks);
		cli_json_u64(&j, "block_size", 1u << ns->block_shift);
		cli_json_u64(&j, "max_blocks", ns->max_blocks);
		cli_json_bool(&j, "sgls", ns->can_sgl);
		cli_json_bool(&j, "write_zeroes", ns->can_write_zeroes);
		cli_json_bool(&j, "deallocate", ns->can_deallocate);
		cli_json_bool(&j, "deallocated_reads_zero", ns->deallocated_reads_zero);
		cli_json_close(&j);
	}
	cli_json_close(&j);
	cli_json_close(&j);
}

static int identify_body(struct host *h, const struct nvme_ctrl *ctrl, void *arg)
{
	(void)arg;
	if (hfnvme_interrupted())
		return CLI_INTERRUPTED;
	if (h->o->json)
		json_info(h->o, nvme_ctrl_info(ctrl), nvme_ctrl_namespaces(ctrl));
	else
		print_info(nvme_ctrl_info(ctrl), nvme_ctrl_namespaces(ctrl));
	return CLI_OK;
}

int hfnvme_identify(const struct cli_options *o)
{
	const struct host_timeouts timeouts = { .command = 30000, .abort = 5000, .admin = 10000 };
	struct hfnvme_image image;
	struct host_outcome out;
	struct host h;
	int status;

	status = hfnvme_image_open(&image, o, false);
	if (status)
		return status;
	status = host_init(&h, o, &timeouts);
	if (!status) {
		status = host_plug(&h, &image, o->faults);
		if (!status) {
			status = host_run(&h, &out, identify_body, NULL);
			if (out.start)
				status = host_start_error(&h, out.start);
		}
		if (host_fini(&h))
			status = cli_error("a defect of this program: DMA mappings leaked");
	}
	hfnvme_image_close(&image, true);
	return status;
}
