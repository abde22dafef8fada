// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	hf_let(packet, p, packet_new());
	const struct packet *raw = hf_ref(p);

	transmit(hf_move(p));
	return is_poison(&raw->len);
}
