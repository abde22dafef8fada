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

static void json_info(const struct hfnvme_options *o, const struct nvme_info *info,
		      struct nvme_namespace_cslice namespaces)
{
	struct hfnvme_json j = { .enabled = true };

	hfnvme_json_open(&j, NULL);
	hfnvme_json_string(&j, "command", o->command);
	hfnvme_json_string(&j, "image", o->image);
	hfnvme_json_open(&j, "controller");
	hfnvme_json_string(&j, "model", info->model);
	hfnvme_json_string(&j, "serial", info->serial);
	hfnvme_json_string(&j, "firmware", info->firmware);
	hfnvme_json_u64(&j, "vendor", info->vendor);
	hfnvme_json_u64(&j, "version", info->version);
	hfnvme_json_u64(&j, "queues", info->queues);
	hfnvme_json_u64(&j, "entries", info->entries);
	hfnvme_json_u64(&j, "max_transfer", info->max_transfer);
	hfnvme_json_bool(&j, "volatile_write_cache", info->volatile_write_cache);
	hfnvme_json_u64(&j, "ready_timeout_ms", info->timeout_ms);
	hfnvme_json_close(&j);
	hfnvme_json_list(&j, "namespaces");
	hf_for_each(ns, namespaces) {
		hfnvme_json_open(&j, NULL);
		hfnvme_json_u64(&j, "nsid", ns->nsid);
		hfnvme_json_u64(&j, "blocks", ns->blocks);
		hfnvme_json_u64(&j, "block_size", 1u << ns->block_shift);
		hfnvme_json_u64(&j, "max_blocks", ns->max_blocks);
		hfnvme_json_bool(&j, "sgls", ns->can_sgl);
		hfnvme_json_bool(&j, "write_zeroes", ns->can_write_zeroes);
		hfnvme_json_bool(&j, "deallocate", ns->can_deallocate);
		hfnvme_json_bool(&j, "deallocated_reads_zero", ns->deallocated_reads_zero);
		hfnvme_json_close(&j);
	}
	hfnvme_json_close(&j);
	hfnvme_json_close(&j);
}

static int identify_body(struct host *h, const struct nvme_ctrl *ctrl, void *arg)
{
	(void)arg;
	if (h->o->json)
		json_info(h->o, nvme_ctrl_info(ctrl), nvme_ctrl_namespaces(ctrl));
	else
		print_info(nvme_ctrl_info(ctrl), nvme_ctrl_namespaces(ctrl));
	return hfnvme_flush_stdout();
}

int hfnvme_identify(const struct hfnvme_options *o)
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
			status = hfnvme_error("a defect of this program: DMA mappings leaked");
	}
	hfnvme_image_close(&image);
	return status;
}
