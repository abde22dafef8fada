// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function of the C library that sleeps, and one of another library that the driver says so of
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'pthread_join' while context 'hf_spinning' is held
// expect: cannot call function 'bus_transfer' while context 'hf_spinning' is held
#include <pthread.h>

#include <holdfast/lock.h>

int bus_transfer(int value);
HF_SLEEPS_DECLARE(bus_transfer);

HF_LOCKED_DEFINE(locked_count, spinlock, int);

int settle(struct locked_count *count, pthread_t worker);
int settle(struct locked_count *count, pthread_t worker)
{
#ifdef MISUSE
	hf_lock(n, count);
	pthread_join(worker, NULL); /* E */
	return bus_transfer(*n); /* E */
#else
	int value;

	pthread_join(worker, NULL);
	{
		hf_lock(n, count);
		value = *n;
	}
	return bus_transfer(value);
#endif
}
