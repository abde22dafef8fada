// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_LOCKED_DEFINE(locked_packet, mutex, struct packet);

HF_LOCKED_BY_DEFINE(packet_by, locked_packet, struct packet);

int main(void)
{
	static struct locked_packet a, b;
	static struct packet_by x;

	hf_lock_init(&a);
	hf_lock_init(&b);
	hf_locked_by_init(&x, &a);
	hf_lock(g, &b);
	g->len = 1;
	return hf_access(&x, &b)->len;
}
