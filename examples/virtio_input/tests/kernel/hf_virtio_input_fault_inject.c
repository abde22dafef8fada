// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * While this module is loaded, calls of a function by hf_virtio_input.ko do not happen and give a value of the test.
 * The stock kernels have no fault injection of their own.
 */
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/string.h>

static char *symbol = "";
module_param(symbol, charp, 0);
MODULE_PARM_DESC(symbol, "The function that fails");
static long value;
module_param(value, long, 0);
MODULE_PARM_DESC(value, "What it gives: 0 for a pointer, a negative errno");
static unsigned int failed;
module_param(failed, uint, 0444);
MODULE_PARM_DESC(failed, "How many calls failed");

static noinline notrace void just_return(void)
{
	asm volatile("");
}

/* At the first instruction of the function, where the stack has the address of the caller. */
static int at_entry(struct kprobe *p, struct pt_regs *regs)
{
	const unsigned long caller = *(const unsigned long *)kernel_stack_pointer(regs);
	char text[KSYM_SYMBOL_LEN];

	sprint_symbol(text, caller);
	if (!strstr(text, "[hf_virtio_input]"))
		return 0;
	failed++;
	regs_set_return_value(regs, (unsigned long)value);
	instruction_pointer_set(regs, (unsigned long)just_return);
	return 1;
}

static struct kprobe probe = { .pre_handler = at_entry };

static int __init fault_inject_init(void)
{
	probe.symbol_name = symbol;
	return register_kprobe(&probe);
}

static void __exit fault_inject_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(fault_inject_init);
module_exit(fault_inject_exit);

MODULE_DESCRIPTION("Failing calls for the tests of hf_virtio_input");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
