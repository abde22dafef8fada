// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: pages as many as the process wants to map
// rule: untrusted-number
// compilers: none
// checker: may give any number up to [0-9]+ here, and line [0-9]+ uses it as the size of an allocation
#include <holdfast/holdfast.h>

enum { TRACE_MAX = 1 << 22 };

struct trace {
	struct hf_pages_own pages;
};

HF_LOCKED_DEFINE(trace_locked, mutex, struct trace);

static int trace_make(const struct trace_locked *l, u64 bytes)
{
	hf_let(hf_pages, fresh, hf_try(hf_new_pages(bytes, GFP_KERNEL_ACCOUNT)));
	hf_lock(t, l);

	if (!hf_is_empty(t->pages))
		return -EBUSY;
	hf_set(t->pages, hf_move(fresh));
	return 0;
}

int trace_size(const struct trace_locked *l, struct hf_uaccess_reader *from);
int trace_size(const struct trace_locked *l, struct hf_uaccess_reader *from)
{
	const struct hf_untrusted_u64 bytes = hf_try(hf_uaccess_read_u64(from));

#ifdef MISUSE
	return trace_make(l, hf_accept_any(bytes)); /* E */
#else
	return trace_make(l, hf_try(hf_at_most(bytes, TRACE_MAX)));
#endif
}
