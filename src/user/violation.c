// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Violations and error names, in userspace. */
#include <stdio.h>
#include <stdlib.h>

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

	return i < sizeof(kind_names) / sizeof(kind_names[0]) ? kind_names[i] : "unknown";
}

static void print_and_abort(const struct hf_violation *v)
{
	fprintf(stderr, "holdfast: %s:%d: %s(): %s violation: %s\n", v->file, v->line,
		v->func, hf_violation_kind_name(v->kind), v->expr);
	abort();
}

static hf_violation_hook *hook = print_and_abort;

hf_violation_hook *hf_user_set_violation_hook(hf_violation_hook *new_hook)
{
	return __atomic_exchange_n(&hook, new_hook ? new_hook : print_and_abort, __ATOMIC_ACQ_REL);
}

void hf_violation(const struct hf_violation *v)
{
	__atomic_load_n(&hook, __ATOMIC_ACQUIRE)(v);
}

void hf_violation_fatal(const struct hf_violation *v)
{
	hf_violation(v);
	/* The operation cannot give an error, so a hook that returns does not save it. */
	abort();
}

const char *hf_errname(int err)
{
	/* Not -err of INT_MIN, which does not exist. */
	const char *name = err < -HF_MAX_ERRNO ? NULL : strerrorname_np(err < 0 ? -err : err);

	return name ? name : "E?";
}
