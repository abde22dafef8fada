/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * What must happen at the end of a scope, and what must be undone unless all went well.
 *
 * The bug: the third error path of a probe function forgets one of five `goto err_…` labels.
 *
 *	hf_defer(undo_irq, free_irq_cb, dev);		// runs on every way out ...
 *	hf_try_errno(register_disk(dev));
 *	hf_dismiss(undo_irq);				// ... until all is well
 *
 * Deferred calls run in reverse order, before owners and guards that were bound earlier are dropped.
 *
 * Rust: ScopeGuard, ScopeGuard::dismiss.
 */
#ifndef HOLDFAST_SCOPE_H
#define HOLDFAST_SCOPE_H

#include <holdfast/analysis.h>

/** A call that is owed to the scope. */
struct hf_defer {
	void (*fn_)(void *arg);
	void *arg_;
};

HF_INLINE void hf_defer_run_(struct hf_defer *d)
{
	if (d->fn_)
		d->fn_(d->arg_);
}

/**
 * hf_defer() - call @fn(@arg) when the scope ends.
 * @var: names the deferred call.
 * @fn: exactly a void (void *): the kernel's control-flow integrity allows no other.
 * @arg: its argument.
 */
#define hf_defer(var, fn, arg)								\
	HF_BINDS_(var)									\
	struct hf_defer var HF_CLEANUP(hf_defer_run_) = { .fn_ = (fn), .arg_ = (arg) }

/** hf_dismiss() - do not call it after all. */
#define hf_dismiss(var)		((void)((var).fn_ = NULL))

#endif
