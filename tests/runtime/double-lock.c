// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_LOCKED_DEFINE(locked_packet, mutex, struct packet);

int main(void)
{
	struct locked_packet l;

	hf_lock_init(&l);
	hf_lock(a, &l);
	a->len = 1;
	hf_lock(b, &l);
	return b->len;
}
