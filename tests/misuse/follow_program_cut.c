// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number from outside that is checked after it was cut off, and used whole, in a program
// rule: untrusted-number
// compilers: none
// checker: 'hf_accept_any\(port\)' may give any number up to 4294967295 here, and line 26 uses it as an index of 's->link'
#include <holdfast/num.h>
#include <holdfast/slice.h>

#define PORTS 24

struct fabric {
	u8 link[PORTS];
};

static int fabric_toggle(struct fabric *s, struct hf_untrusted_u32 port)
{
#ifdef MISUSE
	const u32 whole = hf_accept_any(port); /* E */
#else
	const u32 whole = hf_try(hf_below(port, PORTS));
#endif
	const u8 low = (u8)whole;

	if (low >= PORTS)
		return -ERANGE;
	s->link[whole] ^= 1;
	return 0;
}

int main(void)
{
	struct fabric s = { .link = { 0 } };
	const struct hf_le32 given = hf_le32(23);

	return fabric_toggle(&s, hf_from_le(given)) || !s.link[23];
}
