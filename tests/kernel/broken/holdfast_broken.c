// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What must fail: tools/guest loads this to see that each kind of failure is found.  The violations
 * also show what the default policy makes of them.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/panic.h>

#include <holdfast/holdfast.h>

static char *how = "nothing";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "what shall go wrong");

/* One place, several times: it is reported once. */
static bool violate(int id)
{
	return hf_broken(HF_LIST, id < 0);
}

static int __init broken_init(void)
{
	size_t i;

	if (!strcmp(how, "violation")) {
		for (i = 0; i < 3; i++)
			if (!violate((int)i))
				return -EIO;
	} else if (!strcmp(how, "fatal")) {
		static u8 array[4];

		hf_array_at(array, strlen(how)) = 1;
		pr_info("holdfast: a fatal violation was survived\n");
	} else if (!strcmp(how, "refused")) {
		return -EINVAL;
	} else if (!strcmp(how, "panic")) {
		panic("as wanted");
	} else if (!strcmp(how, "hang")) {
		for (;;)
			msleep(100);
	} else if (!strcmp(how, "failed-test")) {
		pr_info("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n");
		pr_info("    ok 1 a\n    # broken.c:1: not true: x\n    not ok 2 b\nnot ok 1 s\n");
	} else if (!strcmp(how, "missing-test")) {
		pr_info("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n");
		pr_info("    ok 1 a\nok 1 s\n");
	} else if (!strcmp(how, "missing-suite")) {
		pr_info("KTAP version 1\n1..2\n    KTAP version 1\n    # Subtest: s\n    1..1\n");
		pr_info("    ok 1 a\nok 1 s\n");
	} else if (!strcmp(how, "good-tests")) {
		pr_info("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n");
		pr_info("    ok 1 a\n    ok 2 b # SKIP not here\nok 1 s\n");
	}
	return 0;
}

static void __exit broken_exit(void)
{
}

module_init(broken_init);
module_exit(broken_exit);

MODULE_DESCRIPTION("What must fail");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
