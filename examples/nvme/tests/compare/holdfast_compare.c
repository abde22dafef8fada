// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Counts the instructions that a block driver executes: from each call of the block layer, and
 * from each interrupt, until it returns.  tools/guest compare loads it around one run of fio.
 *
 * Under QEMU's -icount shift=0 an instruction takes one nanosecond and the TSC counts those, so
 * that what is read twice is the number of instructions between.  The driver knows nothing of it:
 * the queue's operations, and the handler of the interrupt, are replaced by ones that call them.
 *
 * What the submitter does when its I/O ends (bi_end_io: perhaps he must be woken) varies with the
 * moment at which an interrupt comes, and is not the driver's: it is counted by itself.
 *
 * For one CPU, and a disk with one hardware queue, whose interrupt is the function's second.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/tick.h>
#include <asm/msr.h>

static char *disk;
module_param(disk, charp, 0444);
MODULE_PARM_DESC(disk, "path of the disk");

static unsigned int from = 1000;
module_param(from, uint, 0444);
MODULE_PARM_DESC(from, "requests after which counting begins");

static unsigned int to = 2000;
module_param(to, uint, 0444);
MODULE_PARM_DESC(to, "requests after which counting ends");

#define MOST	64U		/* that an interrupt ends, or more */

/* Sums since the module was loaded. */
struct counts {
	u64 now, idle_us;
	u64 requests, segments;
	u64 submit;			/* instructions in queue_rq(), queue_rqs(), commit_rqs() */
	u64 ended;
	u64 end_io;			/* instructions in bi_end_io() */
	/* By how many an interrupt ended: how often, and the instructions without those above. */
	struct {
		u64 times, instructions;
	} interrupt[MOST + 1];
};

static struct counts sum, begin, end;
static struct file *file;
static const struct blk_mq_ops *ops;
static struct blk_mq_ops hooked;
static struct irqaction *action;
static irq_handler_t handler;
static bio_end_io_t *bio_end;

static void mark(struct counts *c)
{
	*c = sum;
	c->now = rdtsc();
	c->idle_us = get_cpu_idle_time_us(0, NULL);
}

static void end_bio(struct bio *bio)
{
	const u64 start = rdtsc();

	bio_end(bio);
	sum.end_io += rdtsc() - start;
	sum.ended++;
}

/* Of each request, before it is submitted. */
static void watch(struct request *rq)
{
	struct bio *bio;

	sum.segments += blk_rq_nr_phys_segments(rq);
	__rq_for_each_bio(bio, rq) {
		if (!bio_end)
			bio_end = bio->bi_end_io;
		if (bio->bi_end_io == bio_end)
			bio->bi_end_io = end_bio;
	}
}

/* So many are about to be submitted. */
static void submits(unsigned int requests)
{
	if (sum.requests < from && sum.requests + requests >= from)
		mark(&begin);
	if (sum.requests < to && sum.requests + requests >= to)
		mark(&end);
	sum.requests += requests;
}

/* Interrupts wait: what they take is not the call's. */
#define COUNT(call)								\
	do {									\
		unsigned long flags;						\
		u64 start;							\
										\
		local_irq_save(flags);						\
		start = rdtsc();						\
		call;								\
		sum.submit += rdtsc() - start;					\
		local_irq_restore(flags);					\
	} while (0)

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	blk_status_t status;

	submits(1);
	watch(bd->rq);
	COUNT(status = ops->queue_rq(hctx, bd));
	return status;
}

static void queue_rqs(struct rq_list *list)
{
	unsigned int n = 0;
	struct request *rq;

	rq_list_for_each(list, rq)
		n++;
	submits(n);
	rq_list_for_each(list, rq)
		watch(rq);
	COUNT(ops->queue_rqs(list));
}

static void commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	COUNT(ops->commit_rqs(hctx));
}

static irqreturn_t interrupt(int irq, void *data)
{
	const u64 ended = sum.ended, end_io = sum.end_io, start = rdtsc();
	irqreturn_t result = handler(irq, data);
	const u64 instructions = rdtsc() - start - (sum.end_io - end_io);
	const u64 n = min_t(u64, sum.ended - ended, MOST);

	sum.interrupt[n].times++;
	sum.interrupt[n].instructions += instructions;
	return result;
}

static struct request_queue *queue(void)
{
	return file_bdev(file)->bd_disk->queue;
}

static void use(const struct blk_mq_ops *o)
{
	blk_mq_freeze_queue(queue());
	WRITE_ONCE(queue()->mq_ops, o);
	blk_mq_unfreeze_queue(queue());
}

static int __init compare_init(void)
{
	struct device *dev;
	struct irq_data *data = NULL;

	file = bdev_file_open_by_path(disk, BLK_OPEN_READ, NULL, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file);
	dev = disk_to_dev(file_bdev(file)->bd_disk);
	while (dev && !dev_is_pci(dev))
		dev = dev->parent;
	if (dev && pci_irq_vector(to_pci_dev(dev), 1) >= 0)
		data = irq_get_irq_data(pci_irq_vector(to_pci_dev(dev), 1));
	if (data)
		action = irq_data_to_desc(data)->action;
	if (!action || queue()->nr_hw_queues != 1 || num_online_cpus() != 1) {
		pr_err("compare: %s: not a PCI disk with one queue and its interrupt\n", disk);
		bdev_fput(file);
		return -EINVAL;
	}
	ops = queue()->mq_ops;
	hooked = *ops;
	hooked.queue_rq = queue_rq;
	if (ops->queue_rqs)
		hooked.queue_rqs = queue_rqs;
	if (ops->commit_rqs)
		hooked.commit_rqs = commit_rqs;
	handler = action->handler;
	WRITE_ONCE(action->handler, interrupt);
	use(&hooked);
	return 0;
}

static void __exit compare_exit(void)
{
	unsigned int n;

	use(ops);
	WRITE_ONCE(action->handler, handler);
	pr_info("compare: requests=%llu segments=%llu submit=%llu end_io=%llu whole=%llu\n",
		end.requests - begin.requests, end.segments - begin.segments,
		end.submit - begin.submit, end.end_io - begin.end_io,
		end.now - begin.now - (end.idle_us - begin.idle_us) * 1000);
	for (n = 1; n <= MOST; n++)
		if (end.interrupt[n].times > begin.interrupt[n].times)
			pr_info("compare: ended=%u times=%llu instructions=%llu\n", n,
				end.interrupt[n].times - begin.interrupt[n].times,
				end.interrupt[n].instructions - begin.interrupt[n].instructions);
	bdev_fput(file);
}

module_init(compare_init);
module_exit(compare_exit);

MODULE_DESCRIPTION("Counts the instructions of a block driver, for tools/guest compare");
MODULE_LICENSE("Dual MIT/GPL");
