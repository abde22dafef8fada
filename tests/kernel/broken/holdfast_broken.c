// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A module whose runs must fail: tools/guest loads it to test that each kind of failure is found.
 * The violations also show the default policy.  The bugs of the second half are found only by
 * kernels with sanitizers; each is in code that bypasses Holdfast or misuses it.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/pci.h>
#include <linux/timer.h>

#include <holdfast/holdfast.h>

static char *how = "nothing";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "what shall go wrong");

/* --- what every kernel reports ------------------------------------------------------------------ */

static int nothing(void)
{
	return 0;
}

/* A site that finds several violations reports only the first. */
static bool violate(int id)
{
	return hf_broken(HF_LIST, id < 0);
}

static int violation(void)
{
	int i;

	for (i = 0; i < 3; i++)
		if (!violate(i))
			return -EIO;
	return 0;
}

static int fatal(void)
{
	static u8 array[4];

	hf_array_at(array, strlen(how)) = 1;
	pr_info("holdfast: a fatal violation was survived\n");
	return 0;
}

static int refused(void)
{
	return -EINVAL;
}

static int panics(void)
{
	panic("as wanted");
}

static int hang(void)
{
	while (how)
		msleep(100);
	return 0;
}

static int failed_test(void)
{
	pr_info("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n");
	pr_info("    ok 1 a\n    # broken.c:1: not true: x\n    not ok 2 b\nnot ok 1 s\n");
	return 0;
}

static int missing_test(void)
{
	pr_info("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n");
	pr_info("    ok 1 a\nok 1 s\n");
	return 0;
}

static int missing_suite(void)
{
	pr_info("KTAP version 1\n1..2\n    KTAP version 1\n    # Subtest: s\n    1..1\n");
	pr_info("    ok 1 a\nok 1 s\n");
	return 0;
}

static int good_tests(void)
{
	pr_info("KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: s\n    1..2\n");
	pr_info("    ok 1 a\n    ok 2 b # SKIP not here\nok 1 s\n");
	return 0;
}

/* --- memory ------------------------------------------------------------------------------------- */

struct box {
	u8 bytes[24];
	struct timer_list timer;
};

static void box_free(struct box *b)
{
	hf_free(b);
}

HF_OWN_DEFINE(box, struct box, box_free);

static int overflow(void)
{
	size_t past = sizeof(struct box);

	hf_let(box, b, hf_try(hf_new(box, GFP_KERNEL)));
	u8 *p = hf_mut(b)->bytes;

	OPTIMIZER_HIDE_VAR(past);
	p[past] = 1;
	return 0;
}

static int use_after_free(void)
{
	u8 *p;

	{
		hf_let(box, b, hf_try(hf_new(box, GFP_KERNEL)));

		p = hf_mut(b)->bytes;
		OPTIMIZER_HIDE_VAR(p);
	}
	*p = 1;
	return 0;
}

/* Several objects, as a stale pointer on a stack may hide one of them from kmemleak. */
static int leak(void)
{
	int i;

	for (i = 0; i < 8; i++) {
		hf_let(box, b, hf_try(hf_new(box, GFP_KERNEL)));

		/* SAFETY: none; this is the bug. */
		(void)hf_leak(b);
	}
	return 0;
}

/* There is memory behind the array, so that only UBSan finds the access. */
static int bounds(void)
{
	static struct {
		u8 array[4], rest[28];
	} s;

	s.array[strlen(how)] = 1;
	return s.rest[0];
}

static int list(void)
{
	LIST_HEAD(head);
	struct list_head link;

	list_add(&link, &head);
	list_del(&link);
	list_del(&link);
	return 0;
}

static void rings(struct timer_list *t)
{
}

static int timer(void)
{
	hf_let(box, b, hf_try(hf_new(box, GFP_KERNEL)));

	timer_setup(&hf_mut(b)->timer, rings, 0);
	mod_timer(&hf_mut(b)->timer, jiffies + 3600 * HZ);
	return 0;
}

/* --- locks -------------------------------------------------------------------------------------- */

HF_LOCKED_DEFINE(count, mutex, int);
HF_LOCKED_DEFINE(spin_count, spinlock, int);

static struct count first, second;
static struct spin_count spin;

static void init_count(struct count *c)
{
	hf_lock_init(c);
}

static void init_apart(void)
{
	hf_lock_init(&first);
	hf_lock_init(&second);
}

static void add(struct count *from, struct count *to)
{
	hf_lock(a, from);
	hf_lock(b, to);

	*b += *a;
}

/* Initialised at two places, the locks have two classes, and their order is consistent. */
static int nested_locks(void)
{
	init_apart();
	add(&first, &second);
	add(&first, &second);
	return 0;
}

static int lock_order(void)
{
	init_apart();
	add(&first, &second);
	add(&second, &first);
	return 0;
}

/* Initialised at one place, the locks share a class, and their order is unknown. */
static int lock_class(void)
{
	init_count(&first);
	init_count(&second);
	add(&first, &second);
	return 0;
}

static int sleep(void)
{
	init_apart();
	hf_lock_init(&spin);
	hf_lock(a, &spin);
	hf_lock(b, &first);

	*a = *b;
	return 0;
}

static int raced __maybe_unused;

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		raced++;
		cond_resched();
	}
	return 0;
}

static int race(void)
{
	struct task_struct *a = kthread_run(racer, NULL, "holdfast_racer");
	struct task_struct *b = kthread_run(racer, NULL, "holdfast_racer");

	msleep(2000);
	if (!IS_ERR(a))
		kthread_stop(a);
	if (!IS_ERR(b))
		kthread_stop(b);
	return IS_ERR(a) || IS_ERR(b) ? -ENOMEM : 0;
}

/* --- devices ------------------------------------------------------------------------------------ */

static struct u8_to_device_own lent;

/* The device is not told of the mapping. */
static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	static struct hf_device dev;

	dev.dev = &pdev->dev;
	hf_try_errno(dma_set_mask_and_coherent(dev.dev, DMA_BIT_MASK(64)));
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, 512, GFP_KERNEL)));
	return hf_set_ok((lent), u8_map_to_device(hf_move(buf), &dev, NULL));
}

/* The bug: what was lent is not dropped. */
static void edu_remove(struct pci_dev *pdev)
{
}

static const struct pci_device_id edu_ids[] = { { PCI_DEVICE(0x1234, 0x11e8) }, { } };

/* QEMU's educational device. */
static struct pci_driver edu_driver = {
	.name = "holdfast_edu",
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};

static int dma(void)
{
	int err = pci_register_driver(&edu_driver);

	if (err)
		return err;
	pci_unregister_driver(&edu_driver);
	return hf_is_empty((lent)) ? -ENODEV : 0;
}

/* --- the module --------------------------------------------------------------------------------- */

static const struct {
	const char *how;
	int (*fn)(void);
} bugs[] = {
	{ "nothing", nothing }, { "good-tests", good_tests }, { "nested-locks", nested_locks },
	{ "violation", violation }, { "fatal", fatal }, { "refused", refused }, { "panic", panics },
	{ "hang", hang }, { "failed-test", failed_test }, { "missing-test", missing_test },
	{ "missing-suite", missing_suite },
	{ "overflow", overflow }, { "use-after-free", use_after_free }, { "leak", leak },
	{ "bounds", bounds }, { "list", list }, { "timer", timer },
	{ "lock-order", lock_order }, { "lock-class", lock_class }, { "sleep", sleep },
	{ "race", race }, { "dma", dma },
};

static int __init broken_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bugs); i++)
		if (!strcmp(how, bugs[i].how))
			return bugs[i].fn();
	pr_err("holdfast_broken: how=%s is not known\n", how);
	return -EINVAL;
}

static void __exit broken_exit(void)
{
}

module_init(broken_init);
module_exit(broken_exit);

MODULE_DESCRIPTION("What must fail");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
