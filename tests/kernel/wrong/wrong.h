/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What every module here needs beside its bug, which wrong() commits.  tools/wrong.py says what is tested. */
#include <linux/module.h>

static int wrong(void);

static int __init wrong_init(void)
{
	return wrong();
}

static void __exit wrong_exit(void)
{
}

module_init(wrong_init);
module_exit(wrong_exit);

MODULE_DESCRIPTION("A bug");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
