// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error for an element of a slice that the next element's overwrites
// rule: result-ignored
// compilers: none
// checker: the error that 'rule_load' gave to 'status' in one turn of this loop is overwritten by the next
#include <holdfast/num.h>
#include <holdfast/result.h>
#include <holdfast/slice.h>

struct rule {
	u32 mask;
};

HF_SLICE_DEFINE(rule, struct rule);

static int rule_load(const struct rule *r)
{
	return r->mask ? 0 : -EINVAL;
}

int rules_load(struct rule_cslice rules);
int rules_load(struct rule_cslice rules)
{
	int status = -ENODATA;

	hf_for_each(r, rules) {
#ifdef MISUSE
		status = rule_load(r); /* E */
#else
		status = rule_load(r);
		hf_try_errno(status);
#endif
	}
	return status;
}
