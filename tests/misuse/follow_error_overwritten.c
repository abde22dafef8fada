// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error that another error overwrites before anybody looks
// rule: result-ignored
// compilers: none
// checker: the error that 'clock_on' gave to 'err' is overwritten before anybody looks at it
#include <holdfast/lock.h>
#include <holdfast/result.h>

HF_LOCKED_DEFINE(locked_uses, mutex, int);

struct codec {
	struct locked_uses uses;
};

int clock_on(const struct codec *c) HF_MUST_USE;
int power_on(const struct codec *c, int uses) HF_MUST_USE;

int codec_start(const struct codec *c);
int codec_start(const struct codec *c)
{
#ifdef MISUSE
	int err = clock_on(c); /* E */
#else
	int err = 0;

	hf_try_errno(clock_on(c));
#endif
	{
		hf_lock(uses, &c->uses);

		err = power_on(c, ++*uses);
	}
	return err;
}
