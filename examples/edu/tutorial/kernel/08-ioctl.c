// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: the device writes where it should not
#include <linux/errno.h>
#include <linux/types.h>
#include <linux/uaccess.h>

#define BUFFER	4095

struct transfer {
	u32 direction, offset, length, reserved;
	u64 user;
};

int copy(const struct transfer *t);

int serve(const struct transfer __user *arg);
int serve(const struct transfer __user *arg)
{
	struct transfer t;

	if (copy_from_user(&t, arg, sizeof(t)))
		return -EFAULT;
#ifdef MISUSE
	if (t.offset + t.length > BUFFER)
		return -ERANGE;
#else
	if (t.offset >= BUFFER || !t.length || t.length > BUFFER - t.offset)
		return -ERANGE;
#endif
	return copy(&t);
}
