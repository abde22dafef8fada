// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the result of a helper that checks the user's number, expected not to fail
// rule: failed-unwrap
// compilers: none
// checker: the result of a check of what others gave, and a wrong number of theirs stops the machine
#include <holdfast/holdfast.h>

struct chan {
	u32 rate;
};

struct adc {
	struct chan chan[4];
};

static struct u32_result chan_of(struct hf_uaccess_reader *r)
{
	const struct hf_untrusted_u32 n = hf_try_in(u32, hf_uaccess_read_u32(r));

	return hf_below(n, 4);
}

int adc_rate(const struct adc *a, struct hf_uaccess_reader *r, u32 *rate);
int adc_rate(const struct adc *a, struct hf_uaccess_reader *r, u32 *rate)
{
	const struct u32_result n = chan_of(r);

#ifdef MISUSE
	*rate = a->chan[hf_expect(n, "there are four channels")].rate; /* E */
#else
	*rate = a->chan[hf_try(n)].rate;
#endif
	return 0;
}
