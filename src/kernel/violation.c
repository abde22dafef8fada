// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Violations and error names, in the kernel. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/string.h>

#include <holdfast/check.h>
#include <holdfast/result.h>
#include <holdfast/sys/report.h>
#include <holdfast/version.h>

const char *hf_violation_kind_name(enum hf_violation_kind kind)
{
	return kind_name(kind);
}
EXPORT_SYMBOL_GPL(hf_violation_kind_name);

/* %pB is the place of the call, also if it is the last instruction of its function. */
#define PLACE_SIZE 160

static void place_text(char place[PLACE_SIZE], const struct hf_violation_report *r)
{
	const struct hf_violation *v = r->site;

	if (v->by_caller)
		snprintf(place, PLACE_SIZE, "%pB", r->caller);
	else
		snprintf(place, PLACE_SIZE, "%s:%d: %s()", v->file, v->line, v->func);
}

/*
 * The places that have warned.  A place is constant data and cannot remember it.  Once the table is full,
 * the rate of the others is limited instead.
 */
static const void *warned[128];

static bool shall_warn(const void *place)
{
	static DEFINE_RATELIMIT_STATE(others, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(warned); i++) {
		const void *seen = READ_ONCE(warned[i]);

		if (!seen)
			seen = cmpxchg(&warned[i], NULL, place);
		if (!seen)
			return true;
		if (seen == place)
			return false;
	}
	return __ratelimit(&others);
}

static void warn_once(const struct hf_violation_report *r)
{
	char place[PLACE_SIZE], text[REPORT_TEXT_SIZE];

	if (!shall_warn(r->site->by_caller ? r->caller : (const void *)r->site))
		return;
	place_text(place, r);
	report_text(text, r);
	WARN(1, "holdfast: %s: %s\n", place, text);
}

static hf_violation_hook *violation_hook = warn_once;

hf_violation_hook *hf_kernel_set_violation_hook(hf_violation_hook *hook)
{
	return xchg(&violation_hook, hook ? hook : warn_once);
}
EXPORT_SYMBOL_GPL(hf_kernel_set_violation_hook);

static void report(const struct hf_violation_report *r)
{
	READ_ONCE(violation_hook)(r);
}

static void report_fatal(const struct hf_violation_report *r)
{
	hf_violation_hook *hook = READ_ONCE(violation_hook);
	char place[PLACE_SIZE], text[REPORT_TEXT_SIZE];

	/* BUG() shows the stack, so the default hook's part is the message, every time. */
	if (hook == warn_once) {
		place_text(place, r);
		report_text(text, r);
		pr_crit("holdfast: %s: %s\n", place, text);
	} else {
		hook(r);
	}
	/* The operation cannot give an error, so the thread ends even if the hook returns. */
	BUG();
}

void hf_violation(const struct hf_violation *v)
{
	report(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0) });
}

void hf_violation_fatal(const struct hf_violation *v)
{
	report_fatal(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0) });
}

void hf_violation_index(const struct hf_violation *v, u64 i, u64 len)
{
	report_fatal(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0),
						    .numbers = HF_INDEX_LENGTH, .number = { i, len } });
}

void hf_violation_range(const struct hf_violation *v, u64 from, u64 n, u64 len)
{
	report_fatal(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0),
						    .numbers = HF_FROM_COUNT_LENGTH,
						    .number = { from, n, len } });
}

#if HF_DEBUG
int hf_error_made_(int err, const char *file, int line, const char *func)
{
	if (file)
		pr_debug("holdfast: %s:%d: %s(): -%s\n", file, line, func, hf_errname(err));
	else
		pr_debug("holdfast: %pB: %s(): -%s\n", __builtin_return_address(0), func, hf_errname(err));
	return err;
}
EXPORT_SYMBOL_GPL(hf_error_made_);
#endif

/* As in userspace, a module of another kind of build does not find what it calls. */
#if HF_DEBUG
EXPORT_SYMBOL_GPL(hf_violation_in_debug_build);
EXPORT_SYMBOL_GPL(hf_violation_fatal_in_debug_build);
EXPORT_SYMBOL_GPL(hf_violation_index_in_debug_build);
EXPORT_SYMBOL_GPL(hf_violation_range_in_debug_build);
#else
EXPORT_SYMBOL_GPL(hf_violation);
EXPORT_SYMBOL_GPL(hf_violation_fatal);
EXPORT_SYMBOL_GPL(hf_violation_index);
EXPORT_SYMBOL_GPL(hf_violation_range);
#endif

MODULE_DESCRIPTION("Holdfast: ownership, borrowing and bounds discipline for C drivers");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(HF_VERSION_STRING);
