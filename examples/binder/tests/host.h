/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A host of the driver's core in one process of userspace: the calls of many come from it, and have its descriptors. */
#ifndef EXAMPLES_BINDER_TESTS_HOST_H
#define EXAMPLES_BINDER_TESTS_HOST_H

#include <holdfast/check.h>

/* Who makes the next system call of this thread. */
extern _Thread_local u32 host_tid, host_pid;

#endif
