// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an allocation that may sleep, in a function that requires two locks and uses neither
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_may_sleep_' while context 'hf_spinning' is held
#include <holdfast/lock.h>
#include <holdfast/vec.h>

struct dev {
	int id;
};

HF_LOCKED_DEFINE(locked_dev, mutex, struct dev);
HF_LOCKED_DEFINE(busy_dev, rwlock, struct dev);

int grow(struct locked_dev *l, const struct busy_dev *b, struct u32_vec *v) HF_REQUIRES(l) HF_REQUIRES_SHARED(b);
int grow(struct locked_dev *l, const struct busy_dev *b, struct u32_vec *v)
{
	(void)l;
	(void)b;
#ifdef MISUSE
	return hf_vec_push(v, 1, GFP_KERNEL); /* E */
#else
	return hf_vec_push(v, 1, GFP_ATOMIC);
#endif
}
