// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a count of the user's that ends a loop over an array in a callee
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 4294967295 here, .* the end of a loop over 'level', which has 8 elements
#include <holdfast/holdfast.h>

struct mixer {
	u8 level[8];
};

static void mixer_mute(struct mixer *m, u32 first, u32 count)
{
	u32 i;

	for (i = first; i < count; i++)
		m->level[i] = 0;
}

int mixer_ioctl(struct mixer *m, struct hf_uaccess_reader *r);
int mixer_ioctl(struct mixer *m, struct hf_uaccess_reader *r)
{
	const struct hf_untrusted_u32 n = hf_try(hf_uaccess_read_u32(r));

#ifdef MISUSE
	mixer_mute(m, 0, hf_accept_any(n)); /* E */
#else
	mixer_mute(m, 0, hf_try(hf_at_most(n, 8)));
#endif
	return 0;
}
