// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The function of threads that can be asked to stop. */
#include <linux/export.h>

#include <holdfast/sys/sys.h>

int hf_kernel_thread_main(void *thread)
{
	struct hf_sys_thread *t = thread;
	const int value = t->fn_(t->ctx_);

	complete(&t->ended_);
	return value;
}
EXPORT_SYMBOL_GPL(hf_kernel_thread_main);
