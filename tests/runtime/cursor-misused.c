// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	const u8 a[4] = { 0 };
	struct hf_reader r = hf_reader(hf_slice(u8_cslice, a));

	return is_error(hf_errno(hf_read_bytes(&r, unknown(5))));
}
