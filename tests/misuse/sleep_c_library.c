// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function of the C library that sleeps, and one of another library that the driver says so of
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'nanosleep' while context 'hf_spinning' is held
// expect: cannot call function 'bus_transfer' while context 'hf_spinning' is held
#include <time.h>

#include <holdfast/lock.h>

int bus_transfer(int value);
HF_SLEEPS_DECLARE(bus_transfer);

HF_LOCKED_DEFINE(locked_count, spinlock, int);

int settle(struct locked_count *count);
int settle(struct locked_count *count)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
#ifdef MISUSE
	hf_lock(n, count);
	nanosleep(&ms, NULL); /* E */
	return bus_transfer(*n); /* E */
#else
	int value;

	nanosleep(&ms, NULL);
	{
		hf_lock(n, count);
		value = *n;
	}
	return bus_transfer(value);
#endif
}
