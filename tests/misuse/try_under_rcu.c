// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in a read-side critical section of the kernel's RCU
// rule: try-past-held
// compilers: none
// coccinelle: may return after 'rcu_read_lock\(\)'
#include <holdfast/num.h>

struct dev;

/* As the kernel has them. */
void rcu_read_lock(void);
void rcu_read_unlock(void);
struct u32_result read_mtu(struct dev *d);

int f(struct dev *d);
int f(struct dev *d)
{
	u32 sum = 0;

#ifdef MISUSE
	rcu_read_lock();
	sum = hf_try(read_mtu(d)); /* E */
	rcu_read_unlock();
	return sum > 9;
#else
	int err;

	rcu_read_lock();
	err = hf_store_ok(sum, read_mtu(d));
	rcu_read_unlock();
	return err ? err : sum > 9;
#endif
}
