// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * RCU by liburcu, of which this is the only user.  Empty without -DHF_USER_RCU, so that the library builds where
 * there is no liburcu.
 *
 * The flavour is memb: readers need no barrier and may block outside of their sections, as threads of other
 * libraries do.
 */
#include <holdfast/sys/compiler.h>
#include <holdfast/sys/sys.h>

#ifdef HF_USER_RCU
#include <stdlib.h>

#include <urcu/urcu-memb.h>

/*
 * liburcu is not built for ThreadSanitizer, which sees in it neither that a writer has waited for the readers nor
 * what happens before a call and after it.
 */
#ifdef HF_SYS_TSAN_
void __tsan_acquire(void *at);
void __tsan_release(void *at);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
static char readers, called;
#define BEFORE(what)	__tsan_release(what)
#define AFTER(what)	__tsan_acquire(what)
#define UNSEEN_BEGIN()	AnnotateIgnoreWritesBegin(__FILE__, __LINE__)
#define UNSEEN_END()	AnnotateIgnoreWritesEnd(__FILE__, __LINE__)
#else
#define BEFORE(what)	((void)0)
#define AFTER(what)	((void)0)
#define UNSEEN_BEGIN()	((void)0)
#define UNSEEN_END()	((void)0)
#endif

/* Each reader must be known to liburcu.  The library does not make the threads that read, so each says so itself. */
static _Thread_local bool known;
static pthread_key_t at_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget(void *unused)
{
	(void)unused;
	known = false;
	urcu_memb_unregister_thread();
}

static void make_key(void)
{
	if (pthread_key_create(&at_end, forget))
		abort();
}

static __attribute__((cold, noinline)) void get_known(void)
{
	pthread_once(&once, make_key);
	/* Not NULL, so that forget() is called.  A destructor that reads makes the thread known again. */
	if (pthread_setspecific(at_end, &at_end))
		abort();
	urcu_memb_register_thread();
	known = true;
}

void hf_user_rcu_read_lock_(void)
{
	if (HF_UNLIKELY(!known))
		get_known();
	urcu_memb_read_lock();
}

void hf_user_rcu_read_unlock_(void)
{
	BEFORE(&readers);
	urcu_memb_read_unlock();
}

void hf_user_rcu_synchronize_(void)
{
	urcu_memb_synchronize_rcu();
	AFTER(&readers);
}

_Static_assert(offsetof(struct hf_sys_rcu_head, fn_) == sizeof(struct rcu_head) &&
	       _Alignof(struct hf_sys_rcu_head) == _Alignof(struct rcu_head), "there is room for liburcu's");

/* On a thread of liburcu, which has made it known. */
static void call(struct rcu_head *h)
{
	known = true;
	AFTER(&readers);
	AFTER(h);
	((struct hf_sys_rcu_head *)(void *)h)->fn_(h);
	BEFORE(&called);
}

void hf_user_rcu_call_(struct hf_sys_rcu_head *h, void (*fn)(struct rcu_head *h))
{
	h->fn_ = fn;
	BEFORE(h);
	urcu_memb_call_rcu((struct rcu_head *)(void *)h, call);
}

void hf_user_rcu_barrier_(void)
{
	/* What it allocates here, liburcu frees on its own thread. */
	UNSEEN_BEGIN();
	urcu_memb_barrier();
	UNSEEN_END();
	AFTER(&called);
}
#endif
