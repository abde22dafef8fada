/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel backend of harness.h.  Tests run under KUnit where the kernel has it, and otherwise under
 * a runner in tests/kernel/unit/main.c, whose output has the same format.
 *
 * A violation leaves its operation by a longjmp that is implemented here, even while locks are held.  The
 * end of the trap therefore restores the preemption count, the lock depth and the interrupt state.
 */
#ifndef HF_TEST_HARNESS_KERNEL_H
#define HF_TEST_HARNESS_KERNEL_H

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/printk.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

/* harness.h requires that variables that a trap's block changes are in memory. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

/* --- failures ----------------------------------------------------------------------------------- */

__printf(3, 4) void hf_test_fail_(const char *file, int line, const char *format, ...);

#define hf_test_set_hook(hook)	hf_kernel_set_violation_hook(hook)
size_t hf_test_live(void);
void hf_test_fail_alloc(unsigned long nth);

/* --- violations --------------------------------------------------------------------------------- */

struct hf_test_jump_ {
	unsigned long registers[8];
};

__attribute__((__returns_twice__)) int hf_test_setjmp_(struct hf_test_jump_ *j);
void hf_test_longjmp_(const struct hf_test_jump_ *j);

struct hf_test_trap_ {
	bool armed, leave, irqs_off;
	int kind, caught, line, preempt_count, lock_depth;
	const char *file;
	struct hf_violation_report last;
	struct hf_test_jump_ out;
};

/* Each thread has a trap of its own, as the longjmp stays within the thread. */
struct hf_test_trap_ *hf_test_trap_begin_(enum hf_violation_kind kind, bool leave, const char *file,
					  int line);
void hf_test_trap_end_(struct hf_test_trap_ *t);
const struct hf_violation_report *hf_test_report(void);

#define HF_TEST_TRAP_(kind, leave)							\
	for (struct hf_test_trap_ *const hf_test_trap_ =				\
		     hf_test_trap_begin_(kind, leave, __FILE__, __LINE__);		\
	     hf_test_trap_->armed; hf_test_trap_end_(hf_test_trap_))			\
		if (hf_test_setjmp_(&hf_test_trap_->out) == 0)

/* --- tests -------------------------------------------------------------------------------------- */

struct kunit;

struct hf_test_case_ {
	const char *suite, *name;
	void (*body)(void);	/* NULL: skipped */
	void (*kunit)(struct kunit *test);
};

void hf_test_run_kunit_(struct kunit *test, const struct hf_test_case_ *c);

#if IS_ENABLED(CONFIG_KUNIT)
#define HF_TEST_CASE_(suite_, name_, body_)						\
	static void hf_test_kunit_##suite_##_##name_(struct kunit *test);		\
	HF_TEST_ENTRY_(suite_, name_, body_, hf_test_kunit_##suite_##_##name_);		\
	static void hf_test_kunit_##suite_##_##name_(struct kunit *test)		\
	{										\
		hf_test_run_kunit_(test, &hf_test_case_##suite_##_##name_);		\
	}
#else
#define HF_TEST_CASE_(suite_, name_, body_)						\
	HF_TEST_ENTRY_(suite_, name_, body_, NULL);
#endif

/* The linker puts the entries of all sources between those of first.c and last.c. */
#define HF_TEST_ENTRY_(suite_, name_, body_, kunit_)					\
	static const struct hf_test_case_ hf_test_case_##suite_##_##name_ = {		\
		.suite = #suite_, .name = #name_, .body = (body_), .kunit = (kunit_),	\
	};										\
	static const struct hf_test_case_ *hf_test_entry_##suite_##_##name_		\
		__used __section(".hf_tests") = &hf_test_case_##suite_##_##name_

#define HF_TEST(suite, name)		HF_TEST_AS_(suite, name, )
#define HF_TEST_UNANALYZED(suite, name)	HF_TEST_AS_(suite, name, HF_UNANALYZED)
#define HF_TEST_AS_(suite, name, attributes)						\
	attributes static void hf_test_##suite##_##name(void);				\
	HF_TEST_CASE_(suite, name, hf_test_##suite##_##name)				\
	static void hf_test_##suite##_##name(void)

/* The default hook ends the thread by BUG(), so a run that must leave a clean log cannot contain it. */
#define HF_TEST_DIES(suite, name)							\
	HF_TEST_CASE_(suite, name, NULL)						\
	HF_UNANALYZED static __attribute__((__unused__)) void hf_test_##suite##_##name(void)

/* --- threads and time --------------------------------------------------------------------------- */

struct hf_test_thread {
	struct task_struct *task;
	struct completion done;
	void (*fn)(void *arg);
	void *arg;
};

/* @t must not move until it is joined. */
void hf_test_spawn(struct hf_test_thread *t, void (*fn)(void *arg), void *arg);
void hf_test_join(struct hf_test_thread *t);

static inline void hf_test_sleep_ms(unsigned int ms)
{
	msleep(ms);
}

static inline void hf_test_signal_begin(void)
{
	allow_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
}

static inline void hf_test_signal_end(void)
{
	flush_signals(current);
	disallow_signal(SIGKILL);
}

static inline void hf_test_yield(void)
{
	yield();
}

static inline void hf_test_relax(void)
{
	cpu_relax();
}

/*
 * Milliseconds since an arbitrary time.  It reads jiffies, as time-outs do: under emulation ticks can come
 * late and several at once, and then jiffies do not agree with other clocks.
 */
static inline u64 hf_test_now_ms(void)
{
	return jiffies64_to_msecs(get_jiffies_64());
}

/* --- devices ------------------------------------------------------------------------------------ */

/* On the architectures of the tests, memory can stand in for registers. */
#define hf_test_io(p, len)	hf_kernel_io((void __force __iomem *)(p), (len))

#define HF_TEST_DEVICE_READS	1u
#define HF_TEST_DEVICE_WRITES	2u

struct hf_device hf_test_device_new(void);
bool hf_test_device_is(const struct hf_device *dev);
void hf_test_device_free(struct hf_device *dev);
int hf_test_device_read(struct hf_device *dev, dma_addr_t from, void *to, size_t n);
int hf_test_device_write(struct hf_device *dev, dma_addr_t to, void *from, size_t n);
void *hf_test_device_sees(struct hf_device *dev, dma_addr_t at, size_t n, unsigned int how);
size_t hf_test_device_mappings(struct hf_device *dev);

/* --- interrupts ---------------------------------------------------------------------------------
 *
 * A descriptor of our own, without hardware; an irq_work raises it, in a hard interrupt of this processor.
 */
struct hf_test_irq {
	struct irq_work raise;
	unsigned int irq;
};

bool hf_test_irq_new(struct hf_test_irq *irq);
void hf_test_irq_free(struct hf_test_irq *irq);
struct hf_irq_line hf_test_irq_line(struct hf_test_irq *irq, bool shared);
void hf_test_irq_raise(struct hf_test_irq *irq);

/* --- files ---------------------------------------------------------------------------------------
 *
 * Of devtmpfs.  The calls go to the file's functions with user memory, as those of a process do.
 */
struct hf_test_file {
	struct file *f;
};

int hf_test_open(const char *text, int flags, struct hf_test_file *file);
void hf_test_flush(struct hf_test_file *file);
void hf_test_close(struct hf_test_file *file);
ssize_t hf_test_read(struct hf_test_file *file, void __user *to, size_t n);
ssize_t hf_test_write(struct hf_test_file *file, const void __user *from, size_t n);
int hf_test_ioctl(struct hf_test_file *file, unsigned int cmd, void __user *arg);
/* At once. */
__poll_t hf_test_poll(struct hf_test_file *file, __poll_t events);

int hf_test_mmap(struct hf_test_file *file, size_t len, int prot, int flags, u64 offset,
		 void __user **addr);
void hf_test_munmap(void __user *addr, size_t len);
int hf_test_mprotect(void __user *addr, size_t len, int prot);
/* By drop_caches. */
void hf_test_shrink(void);

#define HF_TEST_MPROTECT_EXEC
#define hf_test_vma(size, offset)							\
	((struct hf_vma){ .vma_ = &(struct vm_area_struct){				\
		.vm_end = (size), .vm_pgoff = (unsigned long)((offset) >> PAGE_SHIFT) } })

/* --- user memory -------------------------------------------------------------------------------- */

#define HF_TEST_PAGE		4096U
#define HF_TEST_USER_BAD	((void __user *)8)

void __user *hf_test_user_map(void);
void hf_test_user_unmap(void __user *p);

#endif
