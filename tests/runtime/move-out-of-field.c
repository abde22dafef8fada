// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct { struct packet_own slot; } q = { hf_empty(packet_own) };

	transmit(hf_move(q.slot));
	return 0;
}
