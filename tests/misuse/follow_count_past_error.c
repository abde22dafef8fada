// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the first user is counted, and its start fails
// rule: try-past-held
// compilers: none
// checker: the error is returned with 'opens' counted up
#include <holdfast/lock.h>

struct codec_state {
	u32 opens, rate;
};

HF_LOCKED_DEFINE(locked_codec, mutex, struct codec_state);

int codec_power_on(u32 rate);

int codec_open(const struct locked_codec *codec, u32 rate);
int codec_open(const struct locked_codec *codec, u32 rate)
{
	int err;

	hf_lock(c, codec);
	if (++c->opens > 1)
		return 0;
	err = codec_power_on(rate);
	if (err) {
#ifdef MISUSE
		return err; /* E */
#else
		c->opens--;
		return err;
#endif
	}
	c->rate = rate;
	return 0;
}
