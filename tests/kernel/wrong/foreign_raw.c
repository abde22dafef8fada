// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: the data of a file looked for in its inode, where another type's is
// report: BUG: KASAN: slab-out-of-bounds in session_read
// refused: tests/misuse/foreign_of_other_structure.c
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "wrong.h"

struct dev {
	char name[24];
};

struct session {
	char name[24];
	int opens;
};

static int session_open(struct inode *inode, struct file *file)
{
	file->private_data = kzalloc(sizeof(struct session), GFP_KERNEL);
	return file->private_data ? 0 : -ENOMEM;
}

/* The bug: the session is in file->private_data, and the inode has the device. */
static ssize_t session_read(struct kiocb *iocb, struct iov_iter *to)
{
	const struct session *s = file_inode(iocb->ki_filp)->i_private;
	const int opens = s->opens;

	return (ssize_t)copy_to_iter(&opens, sizeof(opens), to);
}

static int session_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations session_ops = {
	.owner = THIS_MODULE,
	.open = session_open,
	.read_iter = session_read,
	.release = session_release,
};

static int wrong(void)
{
	struct dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	struct dentry *node;
	struct file *file;
	loff_t at = 0;
	int opens;
	ssize_t err;

	if (!dev)
		return -ENOMEM;
	node = debugfs_create_file_unsafe("wrong", 0400, NULL, dev, &session_ops);
	file = filp_open("/sys/kernel/debug/wrong", O_RDONLY, 0);
	err = PTR_ERR_OR_ZERO(file);
	if (!err) {
		err = kernel_read(file, &opens, sizeof(opens), &at);
		filp_close(file, NULL);
	}
	debugfs_remove(node);
	kfree(dev);
	return min_t(int, err, 0);
}
