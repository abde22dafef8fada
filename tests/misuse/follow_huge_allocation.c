// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: as many elements allocated as the user says
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 4294967295 here, and line [0-9]+ uses it as the size of an allocation
#include <holdfast/holdfast.h>

struct filter {
	u32 id;
	HF_TRAILING(struct hf_le64, rule);
};

static void filter_free(struct filter *f)
{
	hf_free(f);
}

HF_OWN_DEFINE(filter, struct filter, filter_free);

struct request {
	u32 id, rules;
};

static int request_read(struct request *q, struct hf_uaccess_reader *r)
{
	q->id = hf_accept_any(hf_try(hf_uaccess_read_u32(r)));
#ifdef MISUSE
	q->rules = hf_accept_any(hf_try(hf_uaccess_read_u32(r))); /* E */
#else
	q->rules = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(r)), 4096));
#endif
	return 0;
}

struct filter_own_result filter_create(struct hf_uaccess_reader *r);
struct filter_own_result filter_create(struct hf_uaccess_reader *r)
{
	struct request q;

	hf_try_errno_in(filter_own, request_read(&q, r));
	hf_let(filter, f, hf_try_in(filter_own, hf_new_array(filter, rule, q.rules, GFP_KERNEL)));
	hf_mut(f)->id = q.id;
	return hf_ok(filter_own, hf_move(f));
}
