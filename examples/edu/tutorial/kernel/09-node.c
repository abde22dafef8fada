// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: KCSAN at run time
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

struct session {
	struct mutex lock;
	u32 asked;
};

int ask(u32 n);

ssize_t edu_write(struct file *file, const char __user *from, size_t size, loff_t *at);
ssize_t edu_write(struct file *file, const char __user *from, size_t size, loff_t *at)
{
	struct session *session = file->private_data;
	u32 n;

	if (size != sizeof(n) || copy_from_user(&n, from, sizeof(n)))
		return -EFAULT;
#ifdef MISUSE
	session->asked = n;
#else
	guard(mutex)(&session->lock);
	session->asked = n;
#endif
	return ask(session->asked) ?: (ssize_t)sizeof(n);
}
