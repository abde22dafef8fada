/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Deferred calls: what must run at the end of a scope, and what undoes a step unless all steps succeed.
 *
 * The bug: the third error path of a probe function forgets one of its five `goto err_...` labels.
 *
 *	hf_defer(undo_irq, free_irq_cb, dev);		// runs on every way out of the scope ...
 *	hf_try_errno(register_disk(dev));
 *	hf_dismiss(undo_irq);				// ... but not after success
 *
 * Deferred calls run in reverse order of their hf_defer().  The same order holds for owners and guards: what was
 * bound last is ended first.
 *
 * Rust: ScopeGuard, ScopeGuard::dismiss.
 */
#ifndef HOLDFAST_SCOPE_H
#define HOLDFAST_SCOPE_H

#include <holdfast/analysis.h>

/** A deferred call, a local variable. */
struct hf_defer {
	void (*fn_)(void *arg);
	void *arg_;
};

HF_INLINE void hf_defer_run_(struct hf_defer *d)
{
	if (d->fn_)
		d->fn_(d->arg_);
}

/*
 * The guards that are held here are held at the end of the scope as well, so the analysis may take this for the call.
 * It looks into the operand, and no compiler evaluates it.
 */
#ifdef HF_ANALYZED_
#define HF_DEFERS_(var, fn)	(void)__builtin_constant_p(((fn)((var).arg_), 0))
#else
#define HF_DEFERS_(var, fn)	(void)0
#endif

/**
 * hf_defer() - call a function when the scope ends.
 * @var: the new variable, by which hf_dismiss() names the call.
 * @fn: a `void (void *)`, which a cast does not replace: control-flow integrity checks the type of each
 *      indirect call.
 * @arg: its argument, evaluated now.  A borrow: what it points to must outlive the scope.
 *
 * A function that is marked HF_SLEEPS does not compile on Clang >= 22 in a scope that holds a lock which spins.
 *
 * Context: that of the end of the scope.  A return, break, continue or goto out of the scope runs it as well;
 * exit() and longjmp() do not.
 */
#define hf_defer(var, fn, arg)								\
	HF_BINDS_(var)									\
	struct hf_defer var HF_CLEANUP(hf_defer_run_) = { .fn_ = (fn), .arg_ = (arg) }; \
	HF_DEFERS_(var, fn)

/** hf_dismiss() - cancel the deferred call of @var.  May be called again. */
#define hf_dismiss(var)		((void)((var).fn_ = NULL))

#endif
