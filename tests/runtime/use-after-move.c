// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	hf_let(packet, p, packet_new());

	transmit(hf_move(p));
	return hf_ref(p)->len;
}
