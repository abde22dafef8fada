/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The text of a report, the same in both modes.  For the two violation.c in src/, which include what has
 * snprintf() before.
 */
#ifndef HOLDFAST_SYS_REPORT_H
#define HOLDFAST_SYS_REPORT_H

#include <holdfast/check.h>

static const char *const kind_names[] = {
	[HF_BOUNDS] = "bounds",	    [HF_MOVED] = "moved",   [HF_LOAN] = "loan",
	[HF_LIST] = "list",	    [HF_PIN] = "pin",	    [HF_REFCOUNT] = "refcount",
	[HF_TOKEN] = "token",	    [HF_LOCK] = "lock",
	[HF_UNWRAP] = "unwrap",	    [HF_LEAK] = "leak",
	[HF_KIND] = "kind",
};

static inline const char *kind_name(enum hf_violation_kind kind)
{
	const size_t i = (size_t)kind;

	return i < sizeof(kind_names) / sizeof(kind_names[0]) ? kind_names[i] : "unknown";
}

#define REPORT_TEXT_SIZE 256

/*
 * "bounds violation: index i is outside 's': index 4097, length 4096".  A site that blames the caller
 * adds the function that was called, unless it is a helper of the headers (its name ends in '_').
 */
static inline void report_text(char text[REPORT_TEXT_SIZE], const struct hf_violation_report *r)
{
	const struct hf_violation *v = r->site;
	const size_t len = v->func ? strlen(v->func) : 0;
	const bool named = v->by_caller && len && v->func[len - 1] != '_';
	int n = snprintf(text, REPORT_TEXT_SIZE, "%s violation: %s%s%s", kind_name(v->kind),
			 named ? v->func : "", named ? "(): " : "", v->expr);

	if (n < 0 || n >= REPORT_TEXT_SIZE)
		return;
	text += n;
	n = REPORT_TEXT_SIZE - n;
	switch (r->numbers) {
	case HF_NO_NUMBERS:
		break;
	case HF_INDEX_LENGTH:
		snprintf(text, (size_t)n, ": index %llu, length %llu",
			 (unsigned long long)r->number[0], (unsigned long long)r->number[1]);
		break;
	case HF_FROM_COUNT_LENGTH:
		snprintf(text, (size_t)n, ": from %llu, count %llu, length %llu",
			 (unsigned long long)r->number[0], (unsigned long long)r->number[1],
			 (unsigned long long)r->number[2]);
		break;
	}
}

#endif
