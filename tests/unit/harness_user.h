/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The userspace backend of harness.h: Criterion (or its replacement in plain/) and POSIX.
 *
 * Criterion only finds and runs the tests.  Failed expectations are recorded and printed here, because
 * they may come from any thread, and because a later crash must not lose the message.
 *
 * All variables are weak, so that the sources of a program share one instance.
 */
#ifndef HF_TEST_HARNESS_USER_H
#define HF_TEST_HARNESS_USER_H

#include <fcntl.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* harness.h requires that variables that a trap's block changes are in memory. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

/* --- failures ----------------------------------------------------------------------------------- */

__attribute__((weak)) int hf_test_failures_;

static inline __attribute__((format(printf, 3, 4), unused)) void
hf_test_fail_(const char *file, int line, const char *format, ...)
{
	va_list args;

	__atomic_fetch_add(&hf_test_failures_, 1, __ATOMIC_RELAXED);
	flockfile(stderr);
	fprintf(stderr, "%s:%d: ", file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	funlockfile(stderr);
}

#define hf_test_set_hook(hook)	hf_user_set_violation_hook(hook)
#define hf_test_live()		hf_user_live()
#define hf_test_fail_alloc(nth)	hf_user_fail_alloc(nth)

/* --- violations --------------------------------------------------------------------------------- */

struct hf_test_trap_ {
	bool armed, leave;
	int kind, caught, line;
	const char *file;
	struct hf_violation_report last;
	jmp_buf out;
};

/* Each thread has a trap of its own, as the longjmp stays within the thread. */
__attribute__((weak)) __thread struct hf_test_trap_ hf_test_trap_state_;
__attribute__((weak)) hf_violation_hook *hf_test_outer_hook_;

static inline __attribute__((unused)) void hf_test_hook_(const struct hf_violation_report *r)
{
	struct hf_test_trap_ *t = &hf_test_trap_state_;
	const struct hf_violation *v = r->site;

	if (!t->armed) {
		hf_test_fail_(v->file, v->line, "unexpected violation");
		hf_test_outer_hook_(r);
		abort();
	}
	t->last = *r;
	t->caught++;
	if (t->kind != (int)v->kind)
		hf_test_fail_(t->file, t->line, "expected a violation of kind %s, got %s: %s:%d: %s",
			      hf_violation_kind_name((enum hf_violation_kind)t->kind),
			      hf_violation_kind_name(v->kind), v->file,
			      v->line, v->expr);
	if (t->leave)
		_longjmp(t->out, 1);
}

static inline __attribute__((unused)) void
hf_test_trap_begin_(enum hf_violation_kind kind, bool leave, const char *file, int line)
{
	struct hf_test_trap_ *t = &hf_test_trap_state_;

	t->kind = (int)kind;
	t->leave = leave;
	t->file = file;
	t->line = line;
	t->caught = 0;
	t->last = (struct hf_violation_report){ .site = NULL };
	t->armed = true;
}

static inline __attribute__((unused)) void hf_test_trap_end_(void)
{
	struct hf_test_trap_ *t = &hf_test_trap_state_;

	t->armed = false;
	if (t->caught != 1)
		hf_test_fail_(t->file, t->line, "expected one violation of kind %s, got %d",
			      hf_violation_kind_name((enum hf_violation_kind)t->kind), t->caught);
}

#define HF_TEST_TRAP_(kind, leave)							\
	for (hf_test_trap_begin_(kind, leave, __FILE__, __LINE__);			\
	     hf_test_trap_state_.armed; hf_test_trap_end_())				\
		if (_setjmp(hf_test_trap_state_.out) == 0)

static inline __attribute__((unused)) const struct hf_violation_report *hf_test_report(void)
{
	return &hf_test_trap_state_.last;
}

/* --- tests -------------------------------------------------------------------------------------- */

static inline __attribute__((unused)) void hf_test_run_(void (*body)(void))
{
	const size_t live = hf_user_live();

	hf_test_failures_ = 0;
	hf_test_outer_hook_ = hf_user_set_violation_hook(hf_test_hook_);
	body();
	hf_user_set_violation_hook(hf_test_outer_hook_);
	hf_user_fail_alloc(0);
	if (hf_user_live() != live)
		hf_test_fail_(__FILE__, __LINE__, "%lld allocations leaked",
			      (long long)hf_user_live() - (long long)live);
	cr_assert(hf_test_failures_ == 0, "%d expectations failed", hf_test_failures_);
}

#define HF_TEST(suite, name)		HF_TEST_AS_(suite, name, )
#define HF_TEST_UNANALYZED(suite, name)	HF_TEST_AS_(suite, name, HF_UNANALYZED)
#define HF_TEST_AS_(suite, name, attributes)						\
	attributes static void hf_test_##suite##_##name(void);				\
	Test(suite, name)								\
	{										\
		hf_test_run_(hf_test_##suite##_##name);					\
	}										\
	static void hf_test_##suite##_##name(void)

#if HF_CHECKS != HF_CHECKS_OFF && !defined(HF_TRAP)
#define HF_TEST_DIES(suite, name)							\
	HF_UNANALYZED static void hf_test_##suite##_##name(void);			\
	Test(suite, name, .signal = SIGABRT)						\
	{										\
		hf_test_##suite##_##name();						\
	}										\
	static void hf_test_##suite##_##name(void)
#else
#define HF_TEST_DIES(suite, name)							\
	HF_UNANALYZED static __attribute__((unused)) void hf_test_##suite##_##name(void)
#endif

/* --- threads and time --------------------------------------------------------------------------- */

struct hf_test_thread {
	pthread_t id;
	void (*fn)(void *arg);
	void *arg;
};

static inline __attribute__((unused)) void *hf_test_thread_main_(void *thread)
{
	struct hf_test_thread *t = thread;

	t->fn(t->arg);
	return NULL;
}

/* @t must not move until it is joined. */
static inline __attribute__((unused)) void
hf_test_spawn(struct hf_test_thread *t, void (*fn)(void *arg), void *arg)
{
	t->fn = fn;
	t->arg = arg;
	if (pthread_create(&t->id, NULL, hf_test_thread_main_, t)) {
		perror("pthread_create");
		abort();
	}
}

static inline __attribute__((unused)) void hf_test_join(struct hf_test_thread *t)
{
	pthread_join(t->id, NULL);
}

static inline __attribute__((unused)) void hf_test_sleep_ms(unsigned int ms)
{
	struct timespec left = { .tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000 };

	while (nanosleep(&left, &left))
		;
}

static inline __attribute__((unused)) void hf_test_signal_begin(void)
{
	hf_user_interrupt_wait(1);
}

static inline __attribute__((unused)) void hf_test_signal_end(void)
{
	hf_user_interrupt_wait(0);
}

static inline __attribute__((unused)) void hf_test_yield(void)
{
	sched_yield();
}

static inline __attribute__((unused)) void hf_test_relax(void)
{
	sched_yield();
}

/* Milliseconds since an arbitrary time. */
static inline __attribute__((unused)) u64 hf_test_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

/* The clock of time-outs can be stopped: hf_user_clock_stop(). */
#define HF_TEST_CLOCK
/* A program may define the functions by which Judy allocates. */
#define HF_TEST_JUDY

/* --- devices ------------------------------------------------------------------------------------ */

#define HF_TEST_IO_MODEL
#define hf_test_io(p, len)	hf_user_io_memory((p), (len))

#define HF_TEST_DEVICE_READS	HF_USER_DMA_READ
#define HF_TEST_DEVICE_WRITES	HF_USER_DMA_WRITE

static inline __attribute__((unused)) struct hf_device hf_test_device_new(void)
{
	return (struct hf_device){ .iommu = hf_user_iommu_new() };
}

static inline __attribute__((unused)) bool hf_test_device_is(const struct hf_device *dev)
{
	return dev->iommu != NULL;
}

static inline __attribute__((unused)) void hf_test_device_free(struct hf_device *dev)
{
	const size_t left = hf_user_iommu_free(dev->iommu);

	if (left)
		hf_test_fail_(__FILE__, __LINE__, "%u mappings are still there", (unsigned int)left);
	dev->iommu = NULL;
}

static inline __attribute__((unused)) int
hf_test_device_read(struct hf_device *dev, dma_addr_t from, void *to, size_t n)
{
	return hf_user_iommu_access(dev->iommu, from, to, n, false);
}

static inline __attribute__((unused)) int
hf_test_device_write(struct hf_device *dev, dma_addr_t to, void *from, size_t n)
{
	return hf_user_iommu_access(dev->iommu, to, from, n, true);
}

static inline __attribute__((unused)) void *
hf_test_device_sees(struct hf_device *dev, dma_addr_t at, size_t n, unsigned int how)
{
	return hf_user_iommu_resolve(dev->iommu, at, n, how);
}

static inline __attribute__((unused)) size_t hf_test_device_mappings(struct hf_device *dev)
{
	return hf_user_iommu_mappings(dev->iommu);
}

/* --- interrupts --------------------------------------------------------------------------------- */

struct hf_test_irq {
	struct hf_user_irq line;
};

#define HF_TEST_HANDLERS_BLOCK

static inline __attribute__((unused)) bool hf_test_irq_new(struct hf_test_irq *irq)
{
	hf_user_irq_init(&irq->line);
	return true;
}

static inline __attribute__((unused)) void hf_test_irq_free(struct hf_test_irq *irq)
{
	hf_user_irq_fini(&irq->line);
}

static inline __attribute__((unused)) struct hf_irq_line hf_test_irq_line(struct hf_test_irq *irq, bool shared)
{
	return hf_user_irq_line(&irq->line, shared);
}

static inline __attribute__((unused)) void hf_test_irq_raise(struct hf_test_irq *irq)
{
	hf_user_irq_raise(&irq->line);
}

/* --- files -------------------------------------------------------------------------------------- */

struct hf_test_file {
	struct hf_user_file *f;
};

/* The kernel also warns. */
#define HF_TEST_NODE_TWICE

#define hf_test_open(text, flags, file)		hf_user_open((text), (flags), &(file)->f)
#define hf_test_flush(file)			hf_user_flush((file)->f)
#define hf_test_close(file)			hf_user_close((file)->f)
#define hf_test_read(file, to, n)		hf_user_read((file)->f, (to), (n))
#define hf_test_write(file, from, n)		hf_user_write((file)->f, (from), (n))
#define hf_test_ioctl(file, cmd, arg)		hf_user_ioctl((file)->f, (cmd), (arg))
/* At once. */
#define hf_test_poll(file, events)		hf_user_poll((file)->f, (events), 0)
#define hf_test_mmap(file, len, prot, flags, offset, addr)				\
	hf_user_mmap((file)->f, (len), (prot), (flags), (offset), (addr))
#define hf_test_munmap(addr, len)		((void)(len), hf_user_munmap(addr))
#define hf_test_mprotect(addr, len, prot)	(mprotect((addr), (len), (prot)) ? -errno : 0)

/* Takes back all pages of areas that nobody needs. */
#define hf_test_shrink()	((void)hf_user_shrink())

#define hf_test_vma(size, offset)	((struct hf_vma){ .size_ = (size), .offset_ = (offset) })

/* --- user memory -------------------------------------------------------------------------------- */

#define HF_TEST_PAGE		4096U
#define HF_TEST_USER_BAD	((void __user *)8)

static inline __attribute__((unused)) void __user *hf_test_user_map(void)
{
	void *p = mmap(NULL, 2 * HF_TEST_PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect((char *)p + HF_TEST_PAGE, HF_TEST_PAGE, PROT_NONE)) {
		perror("mmap");
		abort();
	}
	return p;
}

static inline __attribute__((unused)) void hf_test_user_unmap(void __user *p)
{
	munmap(p, 2 * HF_TEST_PAGE);
}

#endif
