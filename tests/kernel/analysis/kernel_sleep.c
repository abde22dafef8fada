// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: functions of the kernel that may sleep, under a guard that spins
// compilers: clang>=23
// expect: cannot call function 'msleep' while context 'hf_spinning' is held
// expect: cannot call function 'copy_to_user' while context 'hf_spinning' is held
// expect: cannot call function 'might_fault' while context 'hf_spinning' is held
// expect: cannot call function 'mutex_lock' while context 'hf_spinning' is held
// expect: cannot call function 'schedule' while context 'hf_spinning' is held
// expect: cannot call function 'wait_for_completion' while context 'hf_spinning' is held
// expect: cannot call function 'cancel_work_sync' while context 'hf_spinning' is held
#include <linux/delay.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_count, spinlock_irq, u64);

struct device_state {
	struct locked_count stats;
	struct completion done;
	struct mutex mutex;
	struct work_struct work;
	wait_queue_head_t queue;
};

int report(struct device_state *d, void __user *to, u64 __user *copy);
int report(struct device_state *d, void __user *to, u64 __user *copy)
{
	u64 value;

#ifdef MISUSE
	hf_lock(n, &d->stats);
	value = *n;
	msleep(1); /* E */
	wait_event(d->queue, value); /* E */
	wait_for_completion(&d->done); /* E */
	cancel_work_sync(&d->work); /* E */
	mutex_lock(&d->mutex); /* E */
	mutex_unlock(&d->mutex);
	if (put_user(value, copy)) /* E */
		return -EFAULT;
	return copy_to_user(to, &value, sizeof(value)) ? -EFAULT : 0; /* E */
#else
	{
		hf_lock(n, &d->stats);
		value = *n;
	}
	msleep(1);
	wait_event(d->queue, value);
	wait_for_completion(&d->done);
	cancel_work_sync(&d->work);
	mutex_lock(&d->mutex);
	mutex_unlock(&d->mutex);
	if (put_user(value, copy))
		return -EFAULT;
	return copy_to_user(to, &value, sizeof(value)) ? -EFAULT : 0;
#endif
}
