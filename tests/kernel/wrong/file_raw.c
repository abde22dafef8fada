// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: the device freed that an open file has in its private data
// report: BUG: KASAN: slab-use-after-free in dev_read
// refused: tests/misuse/file_opens_borrow.c
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "wrong.h"

struct dev {
	struct miscdevice node;
	int opened;
};

static int dev_open(struct inode *inode, struct file *file)
{
	/* The bug: the file may be open longer than the device is there. */
	file->private_data = container_of(file->private_data, struct dev, node);
	return 0;
}

static ssize_t dev_read(struct kiocb *iocb, struct iov_iter *to)
{
	const struct dev *dev = iocb->ki_filp->private_data;
	const int opened = dev->opened;

	return (ssize_t)copy_to_iter(&opened, sizeof(opened), to);
}

static const struct file_operations dev_ops = {
	.owner = THIS_MODULE,
	.open = dev_open,
	.read_iter = dev_read,
};

static int wrong(void)
{
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	struct file *file;
	loff_t at = 0;
	int opened;
	ssize_t err;

	if (!dev)
		return -ENOMEM;
	dev->node = (struct miscdevice){ .minor = MISC_DYNAMIC_MINOR, .name = "wrong", .fops = &dev_ops };
	err = misc_register(&dev->node);
	if (err) {
		kfree(dev);
		return err;
	}
	file = filp_open("/dev/wrong", O_RDONLY, 0);
	misc_deregister(&dev->node);
	kfree(dev);
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = kernel_read(file, &opened, sizeof(opened), &at);
	filp_close(file, NULL);
	return min_t(int, err, 0);
}
