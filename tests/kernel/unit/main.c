// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * holdfast_test.ko: the test runner, and the functions of the kernel backend that are not inline.
 *
 * Loading the module runs all tests, or those of one suite (suite=NAME), and reports in KTAP.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#if IS_ENABLED(CONFIG_KUNIT)
#include <kunit/test.h>
#endif

#include "main.h"

#ifndef CONFIG_X86_64
#error "write a setjmp for this architecture"
#endif

static char *suite;
module_param(suite, charp, 0444);
MODULE_PARM_DESC(suite, "run the tests of this suite only");

/* --- failures ----------------------------------------------------------------------------------- */

static atomic_t failures;

void hf_test_fail_(const char *file, int line, const char *format, ...)
{
	struct va_format f = { .fmt = format };
	va_list args;

	atomic_inc(&failures);
	va_start(args, format);
	f.va = &args;
	pr_info("    # %s:%d: %pV\n", kbasename(file), line, &f);
	va_end(args);
}

/* --- allocations -------------------------------------------------------------------------------- */

static atomic_long_t live;
static atomic_long_t fail_in;	/* 0: none; n: the nth allocation from now */

bool hf_kernel_alloc_fails(void)
{
	long n = atomic_long_read(&fail_in);

	while (n)
		if (atomic_long_try_cmpxchg(&fail_in, &n, n - 1))
			return n == 1;
	return false;
}

void hf_kernel_alloc_count(int n)
{
	atomic_long_add(n, &live);
}

size_t hf_test_live(void)
{
	return (size_t)atomic_long_read(&live);
}

void hf_test_fail_alloc(unsigned long nth)
{
	atomic_long_set(&fail_in, (long)nth);
}

/* --- violations --------------------------------------------------------------------------------- */

/* The state of a thread that runs tests: the current trap, and the trap around the whole test. */
struct thread_state {
	struct task_struct *task;
	struct hf_test_trap_ trap;
	struct hf_test_trap_ whole;
};

static struct thread_state thread_states[64];

static struct thread_state *state_of(struct task_struct *task)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(thread_states); i++)
		if (READ_ONCE(thread_states[i].task) == task)
			return &thread_states[i];
	return NULL;
}

/* Save the number of held locks and the atomic state, which a longjmp must restore. */
static void context_save(struct hf_test_trap_ *t)
{
	t->irqs_off = irqs_disabled();
	t->preempt_count = preempt_count();
#ifdef CONFIG_LOCKDEP
	t->lock_depth = current->lockdep_depth;
#endif
}

static void context_restore(const struct hf_test_trap_ *t)
{
#ifdef CONFIG_LOCKDEP
	while (current->lockdep_depth > t->lock_depth)
		lock_release(current->held_locks[current->lockdep_depth - 1].instance, _THIS_IP_);
#endif
	if (preempt_count() != t->preempt_count)
		preempt_count_set(t->preempt_count);
	if (irqs_disabled() && !t->irqs_off)
		local_irq_enable();
}

#ifdef CONFIG_KASAN_STACK
/* Compilers call this at the end of an alloca(); the kernel exports it to modules. */
void __asan_allocas_unpoison(void *top, ssize_t bottom);

/* The functions that a longjmp leaves do not unpoison their stack frames. */
static void stack_left(const struct hf_test_jump_ *j)
{
	__asan_allocas_unpoison(__builtin_frame_address(0), (ssize_t)j->registers[1]);
}
#else
static void stack_left(const struct hf_test_jump_ *j)
{
}
#endif

/* objtool does not know that the longjmp does not return, so a trap follows it. */
static noinline void leave(const struct hf_test_trap_ *t)
{
	stack_left(&t->out);
	hf_test_longjmp_(&t->out);
	__builtin_trap();
}

static void test_hook(const struct hf_violation_report *r)
{
	const struct hf_violation *v = r->site;
	struct thread_state *s = state_of(current);

	if (!s) {
		hf_test_fail_(v->file, v->line, "a violation outside a test: %s", v->expr);
		return;
	}
	if (!s->trap.armed) {
		hf_test_fail_(v->file, v->line, "unexpected violation: %s", v->expr);
		leave(&s->whole);
	}
	s->trap.last = *r;
	s->trap.caught++;
	if (s->trap.kind != (int)v->kind)
		hf_test_fail_(s->trap.file, s->trap.line,
			      "expected a violation of kind %s, got %s: %s:%d: %s",
			      hf_violation_kind_name((enum hf_violation_kind)s->trap.kind),
			      hf_violation_kind_name(v->kind), kbasename(v->file), v->line,
			      v->expr);
	if (s->trap.leave)
		leave(&s->trap);
}

struct hf_test_trap_ *hf_test_trap_begin_(enum hf_violation_kind kind, bool leave, const char *file,
					  int line)
{
	struct hf_test_trap_ *t = &state_of(current)->trap;

	*t = (struct hf_test_trap_){
		.armed = true, .leave = leave, .kind = (int)kind, .file = file, .line = line,
	};
	context_save(t);
	return t;
}

void hf_test_trap_end_(struct hf_test_trap_ *t)
{
	t->armed = false;
	if (t->leave)
		context_restore(t);
	if (t->caught != 1)
		hf_test_fail_(t->file, t->line, "expected one violation of kind %s, got %d",
			      hf_violation_kind_name((enum hf_violation_kind)t->kind), t->caught);
}

const struct hf_violation_report *hf_test_report(void)
{
	return &state_of(current)->trap.last;
}

/* Calls @fn(@arg) with a state of this thread; an unexpected violation ends the call. */
static noinline void call_in_state(void (*fn)(void *arg), void *arg)
{
	struct thread_state *s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(thread_states); i++)
		if (!cmpxchg(&thread_states[i].task, NULL, current))
			break;
	if (i == ARRAY_SIZE(thread_states)) {
		hf_test_fail_(__FILE__, __LINE__, "more than %zu threads", i);
		return;
	}
	s = &thread_states[i];
	s->trap.armed = false;
	s->trap.last = (struct hf_violation_report){ .site = NULL };
	context_save(&s->whole);
	if (hf_test_setjmp_(&s->whole.out) == 0)
		fn(arg);
	else
		context_restore(&s->whole);
	WRITE_ONCE(s->task, NULL);
}

/* --- threads ------------------------------------------------------------------------------------ */

static int thread_main(void *thread)
{
	struct hf_test_thread *t = thread;

	call_in_state(t->fn, t->arg);
	complete(&t->done);
	return 0;
}

void hf_test_spawn(struct hf_test_thread *t, void (*fn)(void *arg), void *arg)
{
	t->fn = fn;
	t->arg = arg;
	init_completion(&t->done);
	t->task = kthread_create(thread_main, t, "holdfast_test");
	if (IS_ERR(t->task)) {
		hf_test_fail_(__FILE__, __LINE__, "kthread_create() gives %ld", PTR_ERR(t->task));
		leave(&state_of(current)->whole);
	}
	get_task_struct(t->task);
	wake_up_process(t->task);
}

void hf_test_join(struct hf_test_thread *t)
{
	wait_for_completion(&t->done);
	/* After this, the thread no longer runs code of this module. */
	kthread_stop(t->task);
	put_task_struct(t->task);
}

/* --- user memory -------------------------------------------------------------------------------- */

static struct mm_struct *user_mm;

void __user *hf_test_user_map(void)
{
	const unsigned long at = vm_mmap(NULL, 0, 2 * HF_TEST_PAGE, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, 0);

	if (IS_ERR_VALUE(at) || vm_munmap(at + HF_TEST_PAGE, HF_TEST_PAGE)) {
		hf_test_fail_(__FILE__, __LINE__, "no user memory");
		leave(&state_of(current)->whole);
	}
	return (void __user *)at;
}

void hf_test_user_unmap(void __user *p)
{
	vm_munmap((unsigned long)p, HF_TEST_PAGE);
}

/* --- one test ----------------------------------------------------------------------------------- */

static void call_body(void *c)
{
	((const struct hf_test_case_ *)c)->body();
}

/* Returns how many expectations failed. */
static int run(const struct hf_test_case_ *c)
{
	const size_t before = hf_test_live();
	/* KUnit's threads have no user memory. */
	const bool borrow_mm = !current->mm && user_mm;
	hf_violation_hook *outer;

	if (borrow_mm)
		kthread_use_mm(user_mm);
	atomic_set(&failures, 0);
	outer = hf_test_set_hook(test_hook);
	call_in_state(call_body, (void *)c);
	hf_test_set_hook(outer);
	hf_test_fail_alloc(0);
	if (hf_test_live() != before)
		hf_test_fail_(__FILE__, __LINE__, "%ld allocations leaked",
			      (long)(hf_test_live() - before));
	if (borrow_mm)
		kthread_unuse_mm(user_mm);
	return atomic_read(&failures);
}

/* --- all tests ---------------------------------------------------------------------------------- */

/* The index of the first test after @i in another suite. */
static size_t suite_end(size_t i, size_t n)
{
	size_t end = i;

	while (end < n && !strcmp(hf_test_entries_begin[end]->suite, hf_test_entries_begin[i]->suite))
		end++;
	return end;
}

static int compare(const void *a, const void *b)
{
	const struct hf_test_case_ *const *x = a, *const *y = b;
	const int order = strcmp((*x)->suite, (*y)->suite);

	return order ? order : strcmp((*x)->name, (*y)->name);
}

/* Selects the wanted tests and sorts them by suite and name. */
static size_t collect(void)
{
	const size_t all = (size_t)(hf_test_entries_end - hf_test_entries_begin);
	size_t i, n = 0;

	for (i = 0; i < all; i++)
		if (!suite || !strcmp(suite, hf_test_entries_begin[i]->suite))
			hf_test_entries_begin[n++] = hf_test_entries_begin[i];
	sort(hf_test_entries_begin, n, sizeof(hf_test_entries_begin[0]), compare, NULL);
	return n;
}

#if IS_ENABLED(CONFIG_KUNIT)

void hf_test_run_kunit_(struct kunit *test, const struct hf_test_case_ *c)
{
	int failed;

	if (!c->body)
		kunit_skip(test, "it would stop the machine");
	failed = run(c);
	if (failed)
		KUNIT_FAIL(test, "%d expectations failed", failed);
}

static struct kunit_suite **suites;
static int suite_count;

static void free_suites(void)
{
	int i;

	for (i = 0; i < suite_count; i++) {
		kfree(suites[i]->test_cases);
		kfree(suites[i]);
	}
	kfree(suites);
}

static int make_suite(size_t from, size_t n)
{
	struct kunit_suite *s = kzalloc(sizeof(*s), GFP_KERNEL);
	size_t i;

	if (!s)
		return -ENOMEM;
	strscpy(*(char (*)[sizeof(s->name)])s->name, hf_test_entries_begin[from]->suite, sizeof(s->name));
	s->test_cases = kcalloc(n + 1, sizeof(*s->test_cases), GFP_KERNEL);
	suites[suite_count++] = s;
	if (!s->test_cases)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		s->test_cases[i].run_case = hf_test_entries_begin[from + i]->kunit;
		s->test_cases[i].name = hf_test_entries_begin[from + i]->name;
	}
	return 0;
}

static int run_all(size_t n)
{
	size_t i, end;
	int err = 0;

	suites = kcalloc(n, sizeof(*suites), GFP_KERNEL);
	if (!suites)
		return -ENOMEM;
	for (i = 0; i < n && !err; i = end) {
		end = suite_end(i, n);
		err = make_suite(i, end - i);
	}
	if (!err)
		err = __kunit_test_suites_init(suites, suite_count);
	if (err)
		free_suites();
	return err;
}

static void end_all(void)
{
	__kunit_test_suites_exit(suites, suite_count);
	free_suites();
}

#else

static bool run_one(const struct hf_test_case_ *c, size_t number)
{
	int failed;

	if (!c->body) {
		pr_info("    ok %zu %s # SKIP it would stop the machine\n", number, c->name);
		return true;
	}
	failed = run(c);
	pr_info("    %s %zu %s\n", failed ? "not ok" : "ok", number, c->name);
	cond_resched();
	return !failed;
}

static bool run_suite(size_t from, size_t end, size_t number)
{
	const char *name = hf_test_entries_begin[from]->suite;
	bool passed = true;
	size_t i;

	pr_info("    KTAP version 1\n");
	pr_info("    # Subtest: %s\n", name);
	pr_info("    1..%zu\n", end - from);
	for (i = from; i < end; i++)
		passed &= run_one(hf_test_entries_begin[i], i - from + 1);
	pr_info("%s %zu %s\n", passed ? "ok" : "not ok", number, name);
	return passed;
}

/* As with KUnit, a failed test is reported, but loading the module succeeds. */
static int run_all(size_t n)
{
	size_t i, end, count = 0;

	for (i = 0; i < n; i = suite_end(i, n))
		count++;
	pr_info("KTAP version 1\n");
	pr_info("1..%zu\n", count);
	count = 0;
	for (i = 0; i < n; i = end) {
		end = suite_end(i, n);
		run_suite(i, end, ++count);
	}
	return 0;
}

static void end_all(void)
{
}

#endif

static int __init hf_test_init(void)
{
	const size_t n = collect();
	int err;

	if (!n)
		return -ENOENT;
	if (current->mm) {
		user_mm = current->mm;
		mmget(user_mm);
	}
	err = run_all(n);
	if (user_mm)
		mmput(user_mm);
	user_mm = NULL;
	return err;
}

static void __exit hf_test_exit(void)
{
	end_all();
}

module_init(hf_test_init);
module_exit(hf_test_exit);

MODULE_DESCRIPTION("The unit tests of Holdfast");
MODULE_AUTHOR("The Holdfast project");
MODULE_LICENSE("Dual MIT/GPL");
