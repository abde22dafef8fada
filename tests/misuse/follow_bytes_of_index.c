// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an index put together of two bytes of a report
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 4095 here, and line [0-9]+ uses it as an index of '.*key', which has 512 elements
#include <holdfast/holdfast.h>

struct keys {
	u32 key[512];
};

struct report {
	u8 low, high;
};
HF_WIRE_TYPE(report, struct report, HF_WIRE(low) HF_WIRE(high));

static u32 code(const struct report *r)
{
	return (r->high & 0x0fU) << 8 | r->low;
}

int keys_press(struct keys *k, struct u8_cslice packet);
int keys_press(struct keys *k, struct u8_cslice packet)
{
	const struct report *r = hf_try(hf_view(report, packet, 0)); /* E */

#ifdef MISUSE
	const u32 at = code(r);
#else
	const u32 at = code(r) & 511;
#endif

	k->key[at]++;
	return 0;
}
