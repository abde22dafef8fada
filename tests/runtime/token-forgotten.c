// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_TOKEN_DEFINE(tag, int);

int main(void)
{
	hf_owe(tag, t, hf_oblige(tag, 3));

	return 0;
}
