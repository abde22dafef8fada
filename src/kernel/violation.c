// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Violations and error names, in the kernel. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include <holdfast/check.h>
#include <holdfast/result.h>

static const char *const kind_names[] = {
	[HF_BOUNDS] = "bounds",	    [HF_MOVED] = "moved",   [HF_LOAN] = "loan",
	[HF_LIST] = "list",	    [HF_PIN] = "pin",	    [HF_REFCOUNT] = "refcount",
	[HF_TOKEN] = "token",	    [HF_LOCK] = "lock",
	[HF_UNWRAP] = "unwrap",	    [HF_LEAK] = "leak",	    [HF_DMA] = "dma",
};

const char *hf_violation_kind_name(enum hf_violation_kind kind)
{
	const size_t i = (size_t)kind;

	return i < ARRAY_SIZE(kind_names) ? kind_names[i] : "unknown";
}
EXPORT_SYMBOL_GPL(hf_violation_kind_name);

#define HF_MESSAGE	"holdfast: %s:%d: %s(): %s violation: %s\n"
#define HF_ARGUMENTS(v)	(v)->file, (v)->line, (v)->func, hf_violation_kind_name((v)->kind), (v)->expr

/*
 * Which places have warned.  A place is constant data and cannot remember it.  Once the table is full
 * the rate of the others is limited instead.
 */
static const struct hf_violation *warned[128];

static bool shall_warn(const struct hf_violation *v)
{
	static DEFINE_RATELIMIT_STATE(others, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(warned); i++) {
		const struct hf_violation *seen = READ_ONCE(warned[i]);

		if (!seen)
			seen = cmpxchg(&warned[i], NULL, v);
		if (!seen)
			return true;
		if (seen == v)
			return false;
	}
	return __ratelimit(&others);
}

static void warn_once(const struct hf_violation *v)
{
	if (shall_warn(v))
		WARN(1, HF_MESSAGE, HF_ARGUMENTS(v));
}

static hf_violation_hook *violation_hook = warn_once;

hf_violation_hook *hf_kernel_set_violation_hook(hf_violation_hook *hook)
{
	return xchg(&violation_hook, hook ? hook : warn_once);
}
EXPORT_SYMBOL_GPL(hf_kernel_set_violation_hook);

void hf_violation(const struct hf_violation *v)
{
	READ_ONCE(violation_hook)(v);
}

void hf_violation_fatal(const struct hf_violation *v)
{
	hf_violation_hook *hook = READ_ONCE(violation_hook);

	/* BUG() shows the stack, so the default's part is the message, every time. */
	if (hook == warn_once)
		pr_crit(HF_MESSAGE, HF_ARGUMENTS(v));
	else
		hook(v);
	/* The operation cannot give an error, so a hook that returns does not save it. */
	BUG();
}

/* As in userspace, modules of another kind of build do not find what they call. */
#if HF_DEBUG
EXPORT_SYMBOL_GPL(hf_violation_in_debug_build);
EXPORT_SYMBOL_GPL(hf_violation_fatal_in_debug_build);
#else
EXPORT_SYMBOL_GPL(hf_violation);
EXPORT_SYMBOL_GPL(hf_violation_fatal);
#endif

MODULE_DESCRIPTION("Holdfast: ownership, borrowing and bounds discipline for C drivers");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
