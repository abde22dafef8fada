// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct u32_result r = hf_mul_u32((u32)unknown(0xffffffff), 48);

	return is_error(hf_errno(r));
}
