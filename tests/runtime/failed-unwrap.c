// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_RESULT_DEFINE(length, int);

int main(void)
{
	struct length_result r = hf_err(length, -(int)unknown(EIO));

	return hf_expect(r, "of no reason");
}
