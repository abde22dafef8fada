// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	u8 a[4] = { 0 };
	struct u8_slice s = hf_expect(hf_array_subslice(u8_slice, a, 0, unknown(4)), "it is all of it");

	if (hf_errno(hf_array_subslice(u8_slice, a, unknown(1), 4)) != -ERANGE)
		return 1;
	if (hf_errno(hf_get(s, unknown(4))) != -ERANGE)
		return 1;
	return hf_at(s, unknown(4));
}
