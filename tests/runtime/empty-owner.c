// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct { struct packet_own slot; } q = { { .own = { .ptr_ = NULL } } };

	return hf_ref_in(q.slot)->len;
}
