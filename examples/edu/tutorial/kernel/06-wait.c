// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: nothing at run time
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/wait.h>

struct edu {
	wait_queue_head_t changed;
	bool computing;
	u32 value;
};

int answer(struct edu *edu, u32 *value);
int answer(struct edu *edu, u32 *value)
{
	long left = wait_event_interruptible_timeout(edu->changed, !READ_ONCE(edu->computing), HZ);

	if (left < 0)
		return -EINTR;
#ifndef MISUSE
	if (!left)
		return -ETIMEDOUT;
#endif
	*value = edu->value;
	return 0;
}
