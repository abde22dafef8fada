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
 * liburcu is not built for ThreadSanitizer, which sees in it neither that a reader leaves nor that the writer has
 * waited for it.
 */
#ifdef HF_SYS_TSAN_
void __tsan_acquire(void *at);
void __tsan_release(void *at);
static char readers;
#define LEAVES()	__tsan_release(&readers)
#define WAITED()	__tsan_acquire(&readers)
#else
#define LEAVES()	((void)0)
#define WAITED()	((void)0)
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
	LEAVES();
	urcu_memb_read_unlock();
}

void hf_user_rcu_synchronize_(void)
{
	urcu_memb_synchronize_rcu();
	WAITED();
}
#endif
