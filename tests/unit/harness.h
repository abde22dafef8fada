/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The harness of the unit tests, which are written once and run in userspace and in the kernel.
 *
 *	HF_TEST(slice, sub_refuses_overflow)
 *	{
 *		u8 a[4] = { 0 };
 *
 *		HF_EXPECT_ERR(hf_subslice(hf_slice(u8_slice, a), 1, SIZE_MAX), -ERANGE);
 *	}
 *
 * A test source includes only "harness.h" and <holdfast/...>: no libc, no Criterion.  The backend
 * (harness_user.h, or the file that HF_TEST_BACKEND names) provides what depends on the mode: how tests
 * are found, how a violation leaves its operation, threads, time.
 *
 * A test fails if an expectation fails, if there is an unexpected violation, or if the number of live
 * allocations at its end differs from that at its beginning.
 *
 * The backend provides:
 *
 *	HF_TEST(suite, name) { }	a test
 *	HF_TEST_UNANALYZED(suite, name) { }
 *					a test of code that Clang's analysis would refuse
 *	HF_TEST_DIES(suite, name) { }	a test that the default violation hook must end; skipped where that
 *					would stop the machine, and without checks
 *	hf_test_fail_(file, line, format, ...)
 *					records a failure of the running test; from any thread
 *	hf_test_set_hook(hook)		as hf_user_set_violation_hook()
 *	hf_test_live()			live allocations
 *	hf_test_fail_alloc(nth)		as hf_user_fail_alloc()
 *	struct hf_test_thread, hf_test_spawn(&thread, fn, arg), hf_test_join(&thread)
 *					fn is a void (void *); a test joins every thread that it spawns
 *	hf_test_sleep_ms(ms), hf_test_yield(), hf_test_now_ms()
 *	hf_test_signal_begin(), hf_test_signal_end()
 *					between the two, interruptible and killable waits of the calling
 *					thread, which must be a spawned one, are interrupted
 *	HF_TEST_CLOCK			defined where a test can stop the clock of time-outs and move it by
 *					hf_user_clock_advance(), so that the machine's speed has no effect
 *	hf_test_relax()			one round of a busy wait.  HF_TEST_SPIN_UNTIL() uses it for threads
 *					that hold a spinning lock, which must not sleep
 *	hf_test_user_map(), hf_test_user_unmap(p)
 *					HF_TEST_PAGE bytes of zeroed user memory.  The memory right behind
 *					them, and at HF_TEST_USER_BAD, is not mapped
 *	hf_test_io(p, len)		a window over memory.  HF_TEST_IO_MODEL is defined where
 *					hf_user_io_model() can make one over a device model
 *	hf_test_device_new(), hf_test_device_is(&dev), hf_test_device_free(&dev)
 *					make a struct hf_device whose memory accesses are checked; whether
 *					there was memory for it; free it, and fail if anything is mapped
 *	hf_test_device_read(&dev, from, to, n), hf_test_device_write(&dev, to, from, n)
 *					access memory as the device does: 0, or -EFAULT
 *	hf_test_device_sees(&dev, at, n, how)
 *					the memory at a device's address, or NULL if the device may not
 *					access it so (HF_TEST_DEVICE_READS, HF_TEST_DEVICE_WRITES)
 *	hf_test_device_mappings(&dev)	the number of mappings
 *	struct hf_test_irq, hf_test_irq_new(&irq), hf_test_irq_free(&irq)
 *					an interrupt; whether there is one; free it, with nobody registered
 *	hf_test_irq_line(&irq, shared)	what to register for
 *	hf_test_irq_raise(&irq)		call the handlers, and return after them.
 *					HF_TEST_HANDLERS_BLOCK is defined where a test may hold one up
 *	struct hf_test_file, hf_test_open(text, flags, &file), hf_test_close(&file)
 *	hf_test_read(&file, to, n), hf_test_write(&file, from, n), hf_test_ioctl(&file, cmd, arg)
 *	hf_test_poll(&file, events)	the calls of a process on a node; poll() answers at once.
 *					HF_TEST_NODE_TWICE is defined where a second node of one name is
 *					an error and nothing else
 *	hf_test_mmap(&file, len, prot, flags, offset, &addr), hf_test_munmap(addr, len)
 *	hf_test_mprotect(addr, len, prot)
 *					the same of a mapping: 0, or -errno.  HF_TEST_MPROTECT_EXEC is defined
 *					where mprotect() knows that nothing is to be executed
 *	hf_test_vma(size, offset)	a mmap() under way that only refuses
 *	HF_TEST_TRAP_(kind, leave)	see HF_EXPECT_VIOLATION() and HF_EXPECT_REPORT()
 *	hf_test_report()		the last report that these caught
 */
#ifndef HF_TEST_HARNESS_H
#define HF_TEST_HARNESS_H

#include <holdfast/check.h>
#include <holdfast/result.h>

#ifndef HF_TEST_BACKEND
#define HF_TEST_BACKEND "harness_user.h"
#endif
#include HF_TEST_BACKEND

#ifndef SIZE_MAX
#define SIZE_MAX ((size_t)-1)
#endif
#define HF_TEST_COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* --- expectations -------------------------------------------------------------------------------
 *
 * A failed expectation is recorded, and the test continues.  A failed HF_ASSERT() also returns from the
 * function, which must return void.
 */
#define HF_EXPECT(cond)									\
	do {										\
		if (!(cond))								\
			hf_test_fail_(__FILE__, __LINE__, "not true: %s", #cond);	\
	} while (0)

#define HF_ASSERT(cond)									\
	do {										\
		if (!(cond)) {								\
			hf_test_fail_(__FILE__, __LINE__, "not true: %s", #cond);	\
			return;								\
		}									\
	} while (0)

/* Compare integers of any types by their values: -1 is not ULONG_MAX. */
#define HF_EXPECT_EQ(a, b)	HF_TEST_COMPARE_(a, #a, b, #b, true)
#define HF_EXPECT_NE(a, b)	HF_TEST_COMPARE_(a, #a, b, #b, false)

#define HF_EXPECT_PTR_EQ(a, b)								\
	do {										\
		const volatile void *const hf_test_a_ = (a), *const hf_test_b_ = (b);	\
											\
		if (hf_test_a_ != hf_test_b_)						\
			hf_test_fail_(__FILE__, __LINE__, "%s is 0x%llx, %s is 0x%llx", #a, \
				      (unsigned long long)(unsigned long)hf_test_a_, #b, \
				      (unsigned long long)(unsigned long)hf_test_b_);	\
	} while (0)

#define HF_EXPECT_STR_EQ(a, b)								\
	do {										\
		const char *const hf_test_a_ = (a), *const hf_test_b_ = (b);		\
											\
		if (strcmp(hf_test_a_, hf_test_b_))					\
			hf_test_fail_(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", #a, \
				      hf_test_a_, hf_test_b_);				\
	} while (0)

/* Expect that a result has the error @e, or none.  Its value must need no drop. */
#define HF_EXPECT_ERR(result, e)	HF_TEST_RESULT_(result, #result, e)
#define HF_EXPECT_OK(result)		HF_TEST_RESULT_(result, #result, 0)

#define HF_TEST_RESULT_(result, text, e)						\
	__extension__ ({								\
		__auto_type hf_test_result_ = (result);					\
		const int hf_test_is_ = hf_errno(hf_test_result_), hf_test_wanted_ = (e); \
											\
		if (hf_test_is_ != hf_test_wanted_)					\
			hf_test_fail_(__FILE__, __LINE__, "%s gives %s, not %s", text, \
				      hf_test_is_ ? hf_errname(hf_test_is_) : "a value", \
				      hf_test_wanted_ ? hf_errname(hf_test_wanted_) : "a value"); \
	})

struct hf_test_int_ {
	bool negative;
	u64 v;
};

#define HF_TEST_COMPARE_(a, a_text, b, b_text, equal)					\
	__extension__ ({								\
		__auto_type hf_test_a_ = +(a);						\
		__auto_type hf_test_b_ = +(b);						\
											\
		hf_test_compare_(__FILE__, __LINE__, a_text, HF_TEST_INT_(hf_test_a_),	\
				 b_text, HF_TEST_INT_(hf_test_b_), (equal));		\
	})
#define HF_TEST_INT_(x)	((struct hf_test_int_){ .negative = (x) < 1 && (x) != 0, .v = (u64)(x) })

static inline __attribute__((unused)) void
hf_test_compare_(const char *file, int line, const char *a_text, struct hf_test_int_ a,
		 const char *b_text, struct hf_test_int_ b, bool equal)
{
	if ((a.negative == b.negative && a.v == b.v) == equal)
		return;
	if (a.negative || b.negative)
		hf_test_fail_(file, line, "%s is %lld, %s is %lld", a_text, (long long)a.v, b_text,
			      (long long)b.v);
	else
		hf_test_fail_(file, line, "%s is %llu (0x%llx), %s is %llu (0x%llx)", a_text,
			      (unsigned long long)a.v, (unsigned long long)a.v, b_text,
			      (unsigned long long)b.v, (unsigned long long)b.v);
}

/* --- violations ---------------------------------------------------------------------------------
 *
 *	HF_EXPECT_VIOLATION(HF_BOUNDS) {
 *		hf_at(s, hf_test_hide(4)) = 1;
 *	}
 *
 * The block must cause a violation of this kind.  The violation ends the block by a longjmp, so cleanup
 * functions of its variables do not run.  The block must not end by return, break or goto.  Variables that
 * it changes and that are read later must be in memory: static, allocated, or passed to hf_test_escape().
 * Without checks the block is not executed.
 */
#if HF_CHECKS != HF_CHECKS_OFF && !defined(HF_TRAP)
#define HF_TEST_CHECKED			1
#define HF_EXPECT_VIOLATION(kind)	HF_TEST_TRAP_(kind, true)
/*
 * As HF_EXPECT_VIOLATION(), for operations that report a violation and then return an error.  There must
 * be exactly one report.  The hook returns, and the block continues and can test the error.
 */
#define HF_EXPECT_REPORT(kind)		HF_TEST_TRAP_(kind, false)
#else
#define HF_TEST_CHECKED			0
#define HF_EXPECT_VIOLATION(kind)	for (; (void)(kind), 0;)
#define HF_EXPECT_REPORT(kind)		for (; (void)(kind), 0;)
#endif

/* The site of the last violation. */
#define hf_test_violation()	(hf_test_report()->site)

/* The scalar x, whose value the optimiser cannot know. */
#define hf_test_hide(x)									\
	__extension__ ({								\
		__auto_type hf_test_hidden_ = (x);					\
		__asm__ volatile("" : "+r"(hf_test_hidden_));				\
		hf_test_hidden_;							\
	})

/* Makes the compiler keep the variable at @p in memory across calls. */
static inline __attribute__((unused)) void hf_test_escape(const volatile void *p)
{
	__asm__ volatile("" : : "r"(p) : "memory");
}

/* Busy-waits until @cond is true or @ms milliseconds have passed. */
#define HF_TEST_SPIN_UNTIL(cond, ms)							\
	for (const u64 hf_test_end_ = hf_test_now_ms() + (ms);				\
	     !(cond) && hf_test_now_ms() < hf_test_end_; hf_test_relax())

/* --- allocation failure ------------------------------------------------------------------------- */

/*
 * Calls @fn(@arg) repeatedly; in call n the n-th allocation fails.  Ends with the first call that makes
 * fewer than n allocations.  That call must return 0, all others -ENOMEM, and none may leak.
 * Returns how many allocations failed.
 */
static inline __attribute__((unused)) unsigned long hf_test_fail_each_alloc(int (*fn)(void *arg),
									    void *arg)
{
	const size_t live = hf_test_live();

	for (unsigned long nth = 1;; nth++) {
		bool failed = true;
		int err;

		hf_test_fail_alloc(nth);
		err = fn(arg);
		/* Whether @fn() reached the failing allocation: if not, one of the next @nth fails. */
		for (unsigned long i = 0; i < nth && failed; i++) {
			void *p = hf_sys_alloc(1, GFP_KERNEL);

			failed = p != NULL;
			hf_sys_free(p);
		}
		hf_test_fail_alloc(0);
		if (hf_test_live() != live)
			hf_test_fail_(__FILE__, __LINE__, "failing allocation %lu leaks", nth);
		if (err != (failed ? -ENOMEM : 0))
			hf_test_fail_(__FILE__, __LINE__, "failing allocation %lu gives %d", nth,
				      err);
		if (!failed || nth == 10000)
			return nth - 1;
	}
}

/* --- repeatable pseudo-random numbers ----------------------------------------------------------- */

struct hf_test_random {
	u64 state;
};

static inline __attribute__((unused)) u64 hf_test_random(struct hf_test_random *r)
{
	u64 x = r->state += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

#endif
