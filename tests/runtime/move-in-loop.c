// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	hf_let(packet, p, packet_new());

	for (size_t i = 0; i < unknown(2); i++)
		transmit(hf_move(p));
	return 0;
}
