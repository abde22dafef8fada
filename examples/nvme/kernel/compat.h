/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Differences in the block layer's interface between the supported kernels: 6.1 to 6.8, and from
 * 6.11 on.  In between queue limits moved from calls into a structure.
 */
#ifndef EXAMPLES_NVME_KERNEL_COMPAT_H
#define EXAMPLES_NVME_KERNEL_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/pci.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#include <linux/blk-mq-pci.h>
#define COMPAT_BLK_MQ_FLAGS	BLK_MQ_F_SHOULD_MERGE
#else
#define COMPAT_BLK_MQ_FLAGS	0
#endif

/* The type of a NUMA node in blk_mq_ops.init_request: unsigned could not hold NUMA_NO_NODE. */
#define COMPAT_NODE	__typeof__(__builtin_choose_expr(				\
	__same_type(((struct blk_mq_ops *)NULL)->init_request,				\
		    (int (*)(struct blk_mq_tag_set *, struct request *, unsigned int,	\
			     unsigned int))NULL), 0U, 0))

/* How a block device was opened. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define COMPAT_BLK_MODE		fmode_t
#else
#define COMPAT_BLK_MODE		blk_mode_t
#endif

/* Lists of requests. */
#ifdef rq_list_pop
#define COMPAT_RQ_LIST		struct request *
#define compat_rq_list_push(list, rq)	rq_list_add(list, rq)
#else
#define COMPAT_RQ_LIST		struct rq_list
#define compat_rq_list_push(list, rq)	rq_list_add_head(list, rq)
#endif

/* Before 6.7 a driver's queue_rqs() had to do this for each request. */
static inline void compat_start_request(struct request *rq)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	rq->mq_hctx->tags->rqs[rq->tag] = rq;
#endif
	blk_mq_start_request(rq);
}

/* Map hardware queue q to the CPUs of vector @offset + q. */
static inline void compat_map_queues(struct blk_mq_queue_map *map, struct pci_dev *pdev, int offset)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	blk_mq_pci_map_queues(map, pdev, offset);
#else
	blk_mq_map_hw_queues(map, &pdev->dev, offset);
#endif
}

static inline int compat_map_sg(struct request *rq, struct scatterlist *sg)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
	return blk_rq_map_sg(rq->q, rq, sg);
#else
	return blk_rq_map_sg(rq, sg);
#endif
}

/* Allocate a disk with these limits; @write_cache: it supports flush and FUA. */
static inline struct gendisk *compat_alloc_disk(struct blk_mq_tag_set *set,
						struct queue_limits *lim, bool write_cache,
						void *queuedata)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	struct gendisk *disk = blk_mq_alloc_disk(set, queuedata);
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;
	q = disk->queue;
	blk_queue_logical_block_size(q, lim->logical_block_size);
	blk_queue_physical_block_size(q, lim->physical_block_size);
	blk_queue_max_hw_sectors(q, lim->max_hw_sectors);
	blk_queue_max_segments(q, lim->max_segments);
	blk_queue_virt_boundary(q, lim->virt_boundary_mask);
	blk_queue_dma_alignment(q, lim->dma_alignment);
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);
	if (lim->max_hw_discard_sectors) {
		q->limits.discard_granularity = lim->discard_granularity;
		blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
		blk_queue_max_discard_segments(q, lim->max_discard_segments);
	}
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	blk_queue_write_cache(q, write_cache, write_cache);
	return disk;
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#error "6.9 and 6.10 are neither one nor the other"
#else
	if (write_cache)
		lim->features |= BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA;
	return blk_mq_alloc_disk(set, lim, queuedata);
#endif
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define compat_commit_limits(q, lim)	queue_limits_commit_update_frozen(q, lim)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
static inline int compat_commit_limits(struct request_queue *q, struct queue_limits *lim)
{
	int err;

	blk_mq_freeze_queue(q);
	err = queue_limits_commit_update(q, lim);
	blk_mq_unfreeze_queue(q);
	return err;
}
#endif

/* Change limits of a disk that is in use, between these two. */
static inline struct queue_limits compat_limits_begin(struct request_queue *q)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	return q->limits;
#else
	return queue_limits_start_update(q);
#endif
}

/* @set_poll: whether it polls or not has changed, to @poll. */
static inline int compat_limits_end(struct request_queue *q, struct queue_limits *lim, bool write_cache,
				    bool set_poll, bool poll)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	blk_mq_freeze_queue(q);
	blk_queue_max_hw_sectors(q, lim->max_hw_sectors);
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);
	q->limits.discard_granularity = lim->discard_granularity;
	blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
	blk_queue_max_discard_segments(q, lim->max_discard_segments);
	blk_queue_write_cache(q, write_cache, write_cache);
	if (set_poll && poll)
		blk_queue_flag_set(QUEUE_FLAG_POLL, q);
	else if (set_poll)
		blk_queue_flag_clear(QUEUE_FLAG_POLL, q);
	blk_mq_unfreeze_queue(q);
	return 0;
#else
	lim->features &= ~(BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA);
	if (write_cache)
		lim->features |= BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA;
	if (set_poll && poll)
		lim->features |= BLK_FEAT_POLL;
	else if (set_poll)
		lim->features &= ~BLK_FEAT_POLL;
	return compat_commit_limits(q, lim);
#endif
}

#endif /* EXAMPLES_NVME_KERNEL_COMPAT_H */
