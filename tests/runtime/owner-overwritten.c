// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct { struct packet_own slot; } q = { packet_new() };

	hf_set(q.slot, packet_new());
	return 0;
}
