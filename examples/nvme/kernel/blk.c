// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Disks and interrupts: map requests of the block layer to requests of the driver core. */
#include <linux/module.h>
#include <linux/scatterlist.h>

#include <holdfast/irq.h>

#include "compat.h"
#include "hf_nvme.h"

/* For a transfer with an unaligned start. */
#define SEGMENTS	(HF_NVME_MAX_TRANSFER / NVME_PAGE_SIZE + 1)

HF_SLICE_DEFINE(hf_nvme_sg, struct scatterlist);
HF_SLICE_DEFINE(hf_nvme_range, struct nvme_dsm_range);

HF_DMA_BUFFER_DEFINE(hf_nvme_range);

/* The driver's data of a struct request. */
struct hf_nvme_command {
	struct nvme_request req;
	const struct nvme_command *user;	/* a command of a user, in place of blocks */
	blk_status_t status;

	/* The mapped data: one segment, sg_count segments, or the ranges of a discard. */
	bool single;
	int sg_count;
	struct hf_nvme_range_to_device_own ranges;
	struct nvme_segment segments[SEGMENTS];
	struct scatterlist sg[SEGMENTS];
};

static struct device *device_of(const struct request *rq)
{
	const struct hf_nvme_disk *disk = rq->q->queuedata;

	return disk->dev->dma.dev;
}

/* ---- Data ---- */

static void unmap(struct request *rq)
{
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);

	if (cmd->single)
		dma_unmap_page(device_of(rq), cmd->segments[0].addr, cmd->segments[0].len,
			       rq_dma_dir(rq));
	else if (cmd->sg_count)
		dma_unmap_sg(device_of(rq), cmd->sg, cmd->sg_count, rq_dma_dir(rq));
	cmd->single = false;
	cmd->sg_count = 0;
	hf_nvme_range_to_device_own_drop(&cmd->ranges);
}

/* Most requests have one segment and need no list. */
static int map_single(struct request *rq, struct hf_nvme_command *cmd)
{
	struct bio_vec bv = req_bvec(rq);
	dma_addr_t addr = dma_map_bvec(device_of(rq), &bv, rq_dma_dir(rq), 0);

	if (dma_mapping_error(device_of(rq), addr))
		return -ENOMEM;
	cmd->segments[0] = (struct nvme_segment){ .addr = addr, .len = bv.bv_len };
	cmd->single = true;
	return 1;
}

/* Map the data; returns the number of segments, or -ENOMEM. */
static int map_data(struct request *rq, struct hf_nvme_command *cmd)
{
	struct hf_nvme_sg_slice list;
	int n;

	if (blk_rq_nr_phys_segments(rq) == 1)
		return map_single(rq, cmd);
	list = hf_try(hf_array_subslice(hf_nvme_sg_slice, cmd->sg, 0, blk_rq_nr_phys_segments(rq)));
	/* SAFETY: the array and its length belong together. */
	sg_init_table(hf_ptr_unchecked(list), hf_len(list));
	cmd->sg_count = compat_map_sg(rq, cmd->sg);
	n = dma_map_sg(device_of(rq), cmd->sg, cmd->sg_count, rq_dma_dir(rq));
	if (!n) {
		cmd->sg_count = 0;
		return -ENOMEM;
	}
	hf_zip(to, hf_try(hf_array_subslice(nvme_segment_slice, cmd->segments, 0, n)),
	       sg, hf_try(hf_subslice(list, 0, n)))
		*to = (struct nvme_segment){ .addr = sg_dma_address(sg), .len = sg_dma_len(sg) };
	return n;
}

static int prepare_rw(struct request *rq, const struct nvme_namespace *ns)
{
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);
	const u64 lba = blk_rq_pos(rq) >> (ns->block_shift - SECTOR_SHIFT);
	const u32 blocks = blk_rq_bytes(rq) >> ns->block_shift;
	struct nvme_segment_cslice data;
	int n = map_data(rq, cmd);

	if (n < 0)
		return n;
	data = hf_try(hf_array_subslice(nvme_segment_cslice, cmd->segments, 0, n));
	if (req_op(rq) == REQ_OP_READ)
		return nvme_prep_read(&cmd->req, ns, lba, blocks, data);
	return nvme_prep_write(&cmd->req, ns, lba, blocks, data,
			       rq->cmd_flags & REQ_FUA ? NVME_FUA : 0);
}

static int prepare_discard(struct request *rq, const struct nvme_namespace *ns)
{
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);
	struct hf_device *dma = &((struct hf_nvme_disk *)rq->q->queuedata)->dev->dma;
	struct hf_nvme_range_slice list;
	struct bio *bio;
	u32 n = 0;

	hf_let(hf_nvme_range_buffer, ranges, hf_try(hf_new_buffer(hf_nvme_range,
								  NVME_DSM_MAX_RANGES, GFP_ATOMIC)));
	list = hf_nvme_range_buffer_slice(hf_mut(ranges));
	__rq_for_each_bio(bio, rq) {
		const u64 lba = bio->bi_iter.bi_sector >> (ns->block_shift - SECTOR_SHIFT);
		const u32 blocks = bio->bi_iter.bi_size >> ns->block_shift;
		struct nvme_dsm_range *range = hf_try(hf_get(list, n++));

		hf_try_errno(nvme_dsm_range_set(range, ns, lba, blocks));
	}
	hf_try_errno(hf_set_ok(cmd->ranges, hf_nvme_range_map_part_to_device(hf_move(ranges), dma, 0, n,
									     NULL)));
	cmd->segments[0] = (struct nvme_segment){
		.addr = hf_dma_addr(cmd->ranges),
		.len = hf_dma_size(cmd->ranges),
	};
	const struct nvme_segment_cslice segments =
		hf_try(hf_array_subslice(nvme_segment_cslice, cmd->segments, 0, 1));

	return nvme_prep_deallocate(&cmd->req, ns, n, segments);
}

static int prepare(struct request *rq, const struct nvme_namespace *ns)
{
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);

	switch (req_op(rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
		return prepare_rw(rq, ns);
	case REQ_OP_FLUSH:
		return nvme_prep_flush(&cmd->req, ns);
	case REQ_OP_DISCARD:
		return prepare_discard(rq, ns);
	case REQ_OP_WRITE_ZEROES:
		return nvme_prep_write_zeroes(&cmd->req, ns,
					      blk_rq_pos(rq) >> (ns->block_shift - SECTOR_SHIFT),
					      blk_rq_bytes(rq) >> ns->block_shift,
					      (rq->cmd_flags & REQ_FUA ? NVME_FUA : 0) |
					      (rq->cmd_flags & REQ_NOUNMAP ? 0 : NVME_DEALLOCATE));
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		cmd->req.ns = ns;
		cmd->req.tries = NVME_TRY_ONCE;
		cmd->req.sqe = cmd->user->sqe;
		cmd->req.data = cmd->user->data;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

/* ---- Requests ---- */

/* Complete a request on the CPU that submitted it, possibly in a softirq. */
static void complete_rq(struct request *rq)
{
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);

	unmap(rq);
	blk_mq_end_request(rq, cmd->status);
}

/* The same for a batch of requests that succeeded. */
static void complete_batch(struct io_comp_batch *batch)
{
	struct request *rq;

	rq_list_for_each(&batch->req_list, rq)
		unmap(rq);
	blk_mq_end_request_batch(batch);
}

/* The core did not accept the request, or gives it back. */
static struct request *give_back(struct nvme_request_own given)
{
	hf_let(nvme_request, req, given);
	/* SAFETY: the caller returns the request to the block layer. */
	struct request *rq = blk_mq_rq_from_pdu(container_of(hf_leak(req), struct hf_nvme_command,
							     req));

	((struct hf_nvme_command *)blk_mq_rq_to_pdu(rq))->req.tries = 0;
	unmap(rq);
	return rq;
}

/* Complete a request of the core.  @batch: collects completions, or NULL. */
static inline void end(struct nvme_request_own given, int err, struct io_comp_batch *batch)
{
	hf_let(nvme_request, done, given);
	/* SAFETY: the block layer, which owns the memory, completes the request below. */
	struct hf_nvme_command *cmd = container_of(hf_leak(done), struct hf_nvme_command, req);
	struct request *rq = blk_mq_rq_from_pdu(cmd);

	cmd->status = likely(!err) ? BLK_STS_OK : errno_to_blk_status(err);
	if (!blk_mq_complete_request_remote(rq) &&
	    !blk_mq_add_to_batch(rq, batch, err, complete_batch))
		complete_rq(rq);
}

/* The done callback, for requests that a reset cancelled. */
static void request_done(struct nvme_request_own given, int err)
{
	hf_let(nvme_request, done, given);

	if (err == -EAGAIN)
		blk_mq_requeue_request(give_back(hf_move(done)), true);
	else
		end(hf_move(done), err, NULL);
}

/* Complete what the device completed on a queue; returns how many.  The caller ends @batch. */
static __always_inline unsigned int reap(const struct nvme_ctrl *ctrl, unsigned int queue,
				struct io_comp_batch *batch)
{
	struct nvme_requests done;
	unsigned int n = 0;

	nvme_requests_init(&done);
	nvme_reap(ctrl, queue, &done);
	for (; !nvme_requests_empty(&done); n++) {
		hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(&done), "the list is not empty"));
		int err = hf_ref(req)->err;

		end(hf_move(req), err, batch);
	}
	return n;
}

/* The release function of a request that was dropped. */
static void request_release(struct nvme_request *req)
{
	struct hf_nvme_command *cmd = container_of(req, struct hf_nvme_command, req);

	cmd->status = BLK_STS_IOERR;
	blk_mq_complete_request(blk_mq_rq_from_pdu(cmd));
}

static int init_request(struct blk_mq_tag_set *set, struct request *rq, unsigned int hctx_idx,
			COMPAT_NODE numa_node)
{
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);

	cmd->req.done = request_done;
	cmd->req.release = request_release;
	return 0;
}

/* Prepare a request of the core; on failure the block layer keeps the request. */
static inline struct nvme_request_own_result take(struct request *rq)
{
	const struct hf_nvme_disk *disk = rq->q->queuedata;
	struct hf_nvme_command *cmd = blk_mq_rq_to_pdu(rq);
	int err = prepare(rq, disk->ns);

	if (unlikely(err)) {
		unmap(rq);
		return hf_err(nvme_request_own, err);
	}
	compat_start_request(rq);
	/*
	 * SAFETY: until its completion the block layer leaves the request to this driver.  It goes
	 * to the core, or back below.
	 */
	return hf_ok(nvme_request_own, hf_adopt_unchecked(nvme_request, &cmd->req));
}

static void commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	const struct hf_nvme_disk *disk = hctx->queue->queuedata;

	nvme_kick(hf_ref(disk->dev->ctrl), hctx->queue_num + 1);
}

static inline int submit(struct request *rq, bool last)
{
	const struct hf_nvme_disk *disk = rq->q->queuedata;
	const struct nvme_ctrl *ctrl = hf_ref(disk->dev->ctrl);
	const unsigned int queue = rq->mq_hctx->queue_num + 1;
	int err;

	hf_let(nvme_request, req, hf_try(take(rq)));
	err = last ? nvme_submit(ctrl, queue, &req) : nvme_enqueue(ctrl, queue, &req);
	if (unlikely(err))
		give_back(hf_move(req));
	return err;
}

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	int err = submit(bd->rq, bd->last);

	if (likely(!err))
		return BLK_STS_OK;
	/*
	 * There are as many tags as slots in the queue, so -EAGAIN means a reset, or queues that share
	 * one since a reset.
	 * BLK_STS_DEV_RESOURCE would be wrong: perhaps nothing is in flight whose completion would
	 * run the queue again.
	 */
	if (err == -EAGAIN || err == -ENOMEM)
		return BLK_STS_RESOURCE;
	return errno_to_blk_status(err);
}

/* The block layer passes requests that stay in the list to queue_rq() later. */
static void submit_all(struct blk_mq_hw_ctx *hctx, struct nvme_requests *reqs)
{
	const struct hf_nvme_disk *disk = hctx->queue->queuedata;

	if (likely(!nvme_submit_all(hf_ref(disk->dev->ctrl), hctx->queue_num + 1, reqs)))
		return;
	while (!nvme_requests_empty(reqs)) {
		hf_let(nvme_request, req, hf_expect(nvme_requests_pop_front(reqs), "the list is not empty"));

		blk_mq_requeue_request(give_back(hf_move(req)), true);
	}
}

static inline int take_to(struct request *rq, struct nvme_requests *reqs)
{
	hf_let(nvme_request, req, hf_try(take(rq)));

	nvme_requests_push_back(reqs, hf_move(req));
	return 0;
}

/* Requests of one disk.  Those that stay in the list go to queue_rq(). */
static void queue_rqs(COMPAT_RQ_LIST *list)
{
	struct nvme_requests reqs;
	struct request *rq;

	nvme_requests_init(&reqs);
	while ((rq = rq_list_pop(list))) {
		struct blk_mq_hw_ctx *hctx = rq->mq_hctx;
		const struct request *next = rq_list_peek(list);
		const bool last = !next || next->mq_hctx != hctx;
		/* A single request is the most frequent case. */
		const bool alone = last && nvme_requests_empty(&reqs);

		if (unlikely(alone ? submit(rq, true) : take_to(rq, &reqs))) {
			if (blk_mq_request_started(rq))
				blk_mq_requeue_request(rq, true);
			else
				compat_rq_list_push(list, rq);
			submit_all(hctx, &reqs);
			return;
		}
		if (last && !alone)
			submit_all(hctx, &reqs);
	}
}

/* Time-outs are the core's: it knows when the device can no longer access a command's data. */
static enum blk_eh_timer_return timeout(struct request *rq)
{
	return BLK_EH_RESET_TIMER;
}

/* Polled I/O; returns how many requests completed. */
static int poll_queue(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *batch)
{
	const struct hf_nvme_disk *disk = hctx->queue->queuedata;

	return reap(hf_ref(disk->dev->ctrl), hctx->queue_num + 1, batch);
}

/* Queues with interrupts come first, then those for polled I/O. */
static void map_queues(struct blk_mq_tag_set *set)
{
	const struct hf_nvme *dev = set->driver_data;
	struct blk_mq_queue_map *map = &set->map[HCTX_TYPE_DEFAULT];
	struct blk_mq_queue_map *polled = &set->map[HCTX_TYPE_POLL];
	const unsigned int poll_queues = nvme_ctrl_info(hf_ref(dev->ctrl))->poll_queues;

	map->nr_queues = set->nr_hw_queues - poll_queues;
	/* Without memory for affinity masks the vectors are not bound to CPUs. */
	if (dev->vectors == map->nr_queues + 1 && pci_irq_get_affinity(dev->pdev, 1))
		compat_map_queues(map, dev->pdev, 1);
	else
		blk_mq_map_queues(map);
	if (!poll_queues)
		return;
	polled->nr_queues = poll_queues;
	polled->queue_offset = map->nr_queues;
	blk_mq_map_queues(polled);
}

static const struct blk_mq_ops queue_ops = {
	.queue_rq = queue_rq,
	.queue_rqs = queue_rqs,
	.commit_rqs = commit_rqs,
	.complete = complete_rq,
	.timeout = timeout,
	.init_request = init_request,
	.map_queues = map_queues,
	.poll = poll_queue,
};

/* ---- Disks ---- */

/* Nobody has it open any more. */
static void free_disk(struct gendisk *disk)
{
	hf_drop_ok(hf_nvme_entry_own, hf_foreign_take(hf_nvme_entry_of, disk));
}

static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.ioctl = hf_nvme_disk_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
	.free_disk = free_disk,
};

int hf_nvme_execute(struct gendisk *disk, struct nvme_command *c)
{
	const blk_opf_t op = c->sqe.opcode & NVME_OPCODE_TO_DEVICE ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct request *const rq = blk_mq_alloc_request(disk->queue, op, 0);
	struct hf_nvme_command *cmd;
	blk_status_t status;

	if (IS_ERR(rq))
		return PTR_ERR(rq);
	cmd = blk_mq_rq_to_pdu(rq);
	cmd->user = c;
	cmd->req.status = NVME_NO_STATUS;
	status = blk_execute_rq(rq, false);
	c->status = cmd->req.status;
	c->result = cmd->req.result;
	cmd->user = NULL;
	blk_mq_free_request(rq);
	return c->status == NVME_NO_STATUS ? blk_status_to_errno(status) ?: -EIO : 0;
}

/* What may change while the disk exists. */
static void set_limits(const struct nvme_namespace *ns, struct queue_limits *lim)
{
	const unsigned int sectors_shift = ns->block_shift - SECTOR_SHIFT;

	lim->max_hw_sectors = ns->max_blocks << sectors_shift;
	lim->max_write_zeroes_sectors = ns->can_write_zeroes ? ns->max_zero_blocks << sectors_shift : 0;
	lim->discard_granularity = ns->can_deallocate ? lim->logical_block_size : 0;
	/* Of a request, which may have several ranges. */
	lim->max_hw_discard_sectors = 0;
	if (ns->can_deallocate)
		lim->max_hw_discard_sectors =
			min_t(u64, UINT_MAX >> sectors_shift,
			      min_t(u64, ns->max_range_blocks, ns->max_deallocate)) << sectors_shift;
	lim->max_discard_segments = ns->can_deallocate ? ns->max_ranges : 1;
}

static int alloc_disk(struct hf_nvme_disk *d, struct blk_mq_tag_set *tags)
{
	const struct nvme_namespace *ns = &d->shown;
	struct queue_limits lim = {
		.logical_block_size = 1u << ns->block_shift,
		.physical_block_size = 1u << ns->block_shift,
		.max_segments = SEGMENTS,
		/* What PRPs can express: segments meet at page boundaries; dword alignment. */
		.virt_boundary_mask = NVME_PAGE_SIZE - 1,
		.dma_alignment = 3,
	};
	struct gendisk *disk;

	set_limits(ns, &lim);
	/* SAFETY: the call gives a reference. */
	hf_try_errno(hf_set_ok(d->disk, hf_adopt_ref_unchecked(hf_nvme_gendisk,
		compat_alloc_disk(tags, &lim, ns->volatile_write_cache, d))));
	disk = hf_ref_raw(d->disk);
	snprintf(disk->disk_name, DISK_NAME_LEN, "hfnvme%dn%u", d->dev->id, ns->nsid);
	disk->fops = &disk_ops;
	set_capacity(disk, ns->blocks << (ns->block_shift - SECTOR_SHIFT));
	return 0;
}

static bool is_added(const struct hf_nvme_disk *d)
{
	return !hf_is_empty(d->disk) && test_bit(GD_ADDED, &hf_ref(d->disk)->state);
}

static void kill_disk(const struct hf_nvme_disk *d)
{
	if (is_added(d) && !test_bit(GD_DEAD, &hf_ref(d->disk)->state))
		blk_mark_disk_dead(hf_ref_raw(d->disk));
}

void hf_nvme_disk_free(struct hf_nvme_disk *d)
{
	if (is_added(d))
		del_gendisk(hf_ref_raw(d->disk));
	else if (!hf_is_empty(d->disk))
		free_disk(hf_ref_raw(d->disk));
	hf_nvme_gendisk_arc_drop(&d->disk);
	hf_free(d);
}

/* Whether requests for polled I/O have a queue without interrupts. */
static bool polls(const struct hf_nvme *dev)
{
	return nvme_ctrl_queues(hf_ref(dev->ctrl)) > dev->interrupting;
}

/* For those who open it, until it is freed. */
static int open_gate(const struct hf_nvme_disks *disks, const struct hf_nvme_disk *d)
{
	hf_let(hf_nvme_entry, e, hf_try(hf_new(hf_nvme_entry, GFP_KERNEL)));

	hf_set(hf_mut(e)->gate, hf_arc_from(hf_nvme_gate, disks->gate));
	hf_mut(e)->ns = d->ns;
	hf_foreign_store(hf_nvme_entry_of, hf_ref_raw(d->disk), hf_move(e));
	return 0;
}

static int add_disk_of(struct hf_nvme_disks *disks, const struct nvme_namespace *ns,
		       struct hf_nvme_disk_own *to)
{
	struct hf_nvme *dev = disks->dev;

	hf_let(hf_nvme_disk, d, hf_try(hf_new(hf_nvme_disk, GFP_KERNEL)));
	hf_mut(d)->dev = dev;
	hf_mut(d)->ns = ns;
	hf_mut(d)->shown = nvme_namespace_now(hf_ref(dev->ctrl), ns);
	hf_mut(d)->polls = true;
	hf_try_errno(alloc_disk(hf_mut(d), &disks->tags));
	hf_try_errno(open_gate(disks, hf_ref(d)));
	hf_try_errno(device_add_disk(dev->dma.dev, hf_ref_raw(hf_ref(d)->disk), NULL));
	hf_set(*to, hf_move(d));
	return 0;
}

/* Tell the block layer what has changed. */
static int change_disk(struct hf_nvme_disk *d)
{
	const struct nvme_namespace now = nvme_namespace_now(hf_ref(d->dev->ctrl), d->ns);
	const bool polling = polls(d->dev) || !nvme_ctrl_info(hf_ref(d->dev->ctrl))->poll_queues;
	struct gendisk *disk = hf_ref_raw(d->disk);
	struct queue_limits lim;

	if (now.max_blocks != d->shown.max_blocks || now.can_write_zeroes != d->shown.can_write_zeroes ||
	    now.can_deallocate != d->shown.can_deallocate || polling != d->polls ||
	    now.max_zero_blocks != d->shown.max_zero_blocks || now.max_ranges != d->shown.max_ranges ||
	    now.max_range_blocks != d->shown.max_range_blocks ||
	    now.max_deallocate != d->shown.max_deallocate ||
	    now.volatile_write_cache != d->shown.volatile_write_cache) {
		lim = compat_limits_begin(disk->queue);
		set_limits(&now, &lim);
		hf_try_errno(compat_limits_end(disk->queue, &lim, now.volatile_write_cache,
					       polling != d->polls, polling));
		d->polls = polling;
	}
	set_capacity_and_notify(disk, now.blocks << (now.block_shift - SECTOR_SHIFT));
	d->shown = now;
	return 0;
}

/* The disk of one namespace, of which there may be none yet. */
static int scan_disk(struct hf_nvme_disks *disks, const struct nvme_namespace *ns,
		     struct hf_nvme_disk_own *place)
{
	const bool gone = READ_ONCE(ns->gone);

	if (gone) {
		if (!hf_is_empty(*place))
			kill_disk(hf_ref(*place));
		hf_nvme_disk_own_drop(place);
		return 0;
	}
	if (hf_is_empty(*place))
		hf_try_errno(add_disk_of(disks, ns, place));
	return change_disk(hf_mut(*place));
}

int hf_nvme_scan_disks(const struct hf_nvme *dev)
{
	const struct nvme_namespace_cslice namespaces = nvme_ctrl_namespaces(hf_ref(dev->ctrl));
	int first = 0;

	hf_lock(disks, &dev->disks);
	if (disks->closed)
		return 0;
	while (hf_len(disks->all) < hf_len(namespaces))
		hf_try_errno(hf_vec_push_own(hf_nvme_disk, &disks->all,
					     (struct hf_nvme_disk_own){ 0 }, GFP_KERNEL));
	hf_zip(place, hf_vec_slice(&disks->all), ns, namespaces) {
		const int err = scan_disk(disks, ns, place);

		first = first ?: err;
	}
	return first;
}

void hf_nvme_set_gate(const struct hf_nvme *dev, const struct hf_nvme_gate *gate)
{
	hf_lock(disks, &dev->disks);
	disks->gate = gate;
}

struct hf_nvme_gendisk_arc_result hf_nvme_disk_of(const struct hf_nvme *dev, u32 nsid)
{
	hf_lock(disks, &dev->disks);

	hf_for_each(d, disks->all)
		if (!hf_is_empty(*d) && hf_ref(*d)->ns->nsid == nsid)
			return hf_ok(hf_nvme_gendisk_arc, hf_arc_from(hf_nvme_gendisk, hf_ref(hf_ref(*d)->disk)));
	return hf_err(hf_nvme_gendisk_arc, -ENXIO);
}

int hf_nvme_init_disks(struct hf_nvme *dev)
{
	const struct nvme_info *info = nvme_ctrl_info(hf_ref(dev->ctrl));

	hf_lock_init(&dev->disks);
	hf_lock(disks, &dev->disks);
	disks->dev = dev;
	disks->tags.ops = &queue_ops;
	disks->tags.nr_hw_queues = info->queues;
	disks->tags.nr_maps = info->poll_queues ? HCTX_MAX_TYPES : 1;
	disks->tags.queue_depth = info->entries - 1;
	disks->tags.numa_node = dev_to_node(dev->dma.dev);
	disks->tags.cmd_size = sizeof(struct hf_nvme_command);
	disks->tags.timeout = msecs_to_jiffies(dev->timeout_ms);
	disks->tags.flags = COMPAT_BLK_MQ_FLAGS;
	disks->tags.driver_data = dev;
	return blk_mq_alloc_tag_set(&disks->tags);
}

void hf_nvme_fini_disks(struct hf_nvme *dev)
{
	{
		hf_lock(disks, &dev->disks);
		hf_nvme_disk_vec_drop(&disks->all);
		if (disks->tags.tags)
			blk_mq_free_tag_set(&disks->tags);
	}
	hf_lock_fini(&dev->disks);
}

void hf_nvme_kill_disks(const struct hf_nvme *dev)
{
	hf_lock(disks, &dev->disks);
	hf_for_each(d, disks->all)
		if (!hf_is_empty(*d))
			kill_disk(hf_ref(*d));
}

void hf_nvme_del_disks(const struct hf_nvme *dev)
{
	hf_lock(disks, &dev->disks);
	disks->closed = true;
	hf_nvme_disk_vec_truncate(&disks->all, 0);
}

/* ---- Interrupts ---- */

/* What the handler of a vector owns.  It serves the queues first, first + step, and so on. */
struct hf_nvme_vector {
	struct hf_nvme_arc dev;
	const struct nvme_ctrl *ctrl;	/* dev owns it: no owner to check at each interrupt */
	unsigned int first, step, last;
	bool shared;			/* with other devices: an INTx */
};

static void vector_free(struct hf_nvme_vector *v)
{
	hf_nvme_arc_drop(&v->dev);
	hf_free(v);
}

HF_OWN_DEFINE(hf_nvme_vector, struct hf_nvme_vector, vector_free);
HF_IRQ_DEFINE(hf_nvme_interrupt, hf_nvme_vector_own, interrupt);
HF_SLICE_DEFINE(hf_nvme_interrupt, struct hf_nvme_interrupt_own);

struct hf_nvme_interrupts {
	struct hf_nvme_interrupt_own of_vector[NVME_MAX_QUEUES + 1];
};

static irqreturn_t interrupt(const struct hf_nvme_vector *v)
{
	DEFINE_IO_COMP_BATCH(batch);
	unsigned int n = 0;

	for (unsigned int q = v->first; q <= v->last; q += v->step)
		if (likely(q))
			n += reap(v->ctrl, q, &batch);
		else
			n += nvme_poll(v->ctrl, 0);
	if (batch.complete)
		batch.complete(&batch);
	/* If there is no entry in a vector of its own, a poll was faster: no spurious interrupt. */
	return n || !v->shared ? IRQ_HANDLED : IRQ_NONE;
}

static int request_interrupt(const struct hf_nvme *dev, unsigned int index,
			     struct hf_nvme_interrupt_own *to)
{
	const bool shared = !dev->pdev->msi_enabled && !dev->pdev->msix_enabled;
	const struct hf_irq_line line = hf_kernel_irq(pci_irq_vector(dev->pdev, index), shared ? IRQF_SHARED : 0);
	char name[32];

	hf_let(hf_nvme_vector, v, hf_try(hf_new(hf_nvme_vector, GFP_KERNEL)));
	hf_set(hf_mut(v)->dev, hf_arc_from(hf_nvme, dev));
	hf_mut(v)->ctrl = hf_ref(dev->ctrl);
	hf_mut(v)->first = index;
	hf_mut(v)->step = dev->vectors;
	hf_mut(v)->last = dev->interrupting;
	hf_mut(v)->shared = shared;
	snprintf(name, sizeof(name), "hfnvme%dq%u", dev->id, index);
	return hf_set_ok(*to, hf_irq_request(hf_nvme_interrupt, line, name, hf_move(v), GFP_KERNEL));
}

static int request_all(const struct hf_nvme *dev, struct hf_nvme_interrupts *all)
{
	struct hf_nvme_interrupt_slice to = hf_slice(hf_nvme_interrupt_slice, all->of_vector);

	for (unsigned int i = 0; i < dev->vectors; i++) {
		struct hf_nvme_interrupt_own *slot = hf_try(hf_get(to, i));
		int err = request_interrupt(dev, i, slot);

		if (err)
			return dev_err_probe(dev->dma.dev, err, "no interrupt %u\n", i);
	}
	return 0;
}

struct hf_nvme_interrupts_own_result hf_nvme_request_interrupts(const struct hf_nvme *dev)
{
	hf_let(hf_nvme_interrupts, all, hf_try_in(hf_nvme_interrupts_own,
						  hf_new(hf_nvme_interrupts, GFP_KERNEL)));

	hf_try_errno_in(hf_nvme_interrupts_own, request_all(dev, hf_mut(all)));
	return hf_ok(hf_nvme_interrupts_own, hf_move(all));
}

void hf_nvme_free_interrupts(struct hf_nvme_interrupts *all)
{
	hf_for_each(irq, hf_slice(hf_nvme_interrupt_slice, all->of_vector))
		hf_nvme_interrupt_own_drop(irq);
	hf_free(all);
}
