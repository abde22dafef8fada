// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	hf_let(packet, p, packet_new());
	hf_borrow(r, p);

	transmit(hf_move(p));
	return r == NULL;
}
