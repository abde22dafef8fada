// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an index from outside that may be as great as the array is long, in a program whose main() gives a good one
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 6 here, and line 22 uses it as an index of 'm->gain', which has 6 elements
#include <holdfast/num.h>
#include <holdfast/slice.h>

#define INPUTS 6

struct mixer {
	u32 gain[INPUTS];
};

static int mixer_set(struct mixer *m, struct hf_untrusted_u16 input, u32 gain)
{
#ifdef MISUSE
	const u16 i = hf_try(hf_at_most(input, INPUTS)); /* E */
#else
	const u16 i = hf_try(hf_below(input, INPUTS));
#endif
	m->gain[i] = gain;
	return 0;
}

int main(void)
{
	struct mixer m = { .gain = { 0 } };
	const struct hf_le16 given = hf_le16(2);

	return mixer_set(&m, hf_from_le(given), 3) || m.gain[2] != 3;
}
