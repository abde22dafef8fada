// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a callee makes an owner of what its caller lends
// rule: owner-copied
// compilers: none
// checker: this is borrowed from 'r', which owns it
#include <holdfast/own.h>

struct report {
	u32 code;
};

void report_free(struct report *r);
HF_OWN_DEFINE(report, struct report, report_free);

struct log {
	struct report_own last;
};

static void log_keep(struct log *log, struct report *r)
{
	report_own_drop(&log->last);
	/* SAFETY: the caller is done with it. */
	hf_set(log->last, hf_adopt_unchecked(report, r)); /* E */
}

#ifndef MISUSE
static void log_take(struct log *log, struct report_own given)
{
	report_own_drop(&log->last);
	hf_set(log->last, given);
}
#endif

void log_failure(struct log *log, struct report_own given, u32 code);
void log_failure(struct log *log, struct report_own given, u32 code)
{
	hf_let(report, r, given);

	hf_mut(r)->code = code;
#ifdef MISUSE
	log_keep(log, hf_mut(r));
#else
	if (!code)
		/* SAFETY: hf_leak() has given it up. */
		log_keep(log, hf_leak(r));
	else
		log_take(log, hf_move(r));
#endif
}
