// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	u8 a[4] = { 0 };

	return hf_array_at(a, unknown(4));
}
