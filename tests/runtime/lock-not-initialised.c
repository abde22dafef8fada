// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_LOCKED_DEFINE(locked_packet, mutex, struct packet);

int main(void)
{
	static struct locked_packet l;

	hf_lock(a, &l);
	return a->len;
}
