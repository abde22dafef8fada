/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the module and the process agree on. */
#ifndef MMAP_ABI_H
#define MMAP_ABI_H

#include <linux/ioctl.h>

#define MMAP_PAGES	3
#define MMAP_READONLY	_IO('h', 1)
#define MMAP_DROP	_IO('h', 2)

#endif
