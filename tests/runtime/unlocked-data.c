// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_LOCKED_DEFINE(locked_packet, mutex, struct packet);

static __attribute__((noinline)) int wants_it_held(struct locked_packet *l)
{
	return hf_held(l)->len;
}

int main(void)
{
	static struct locked_packet l;

	hf_lock_init(&l);
	return wants_it_held(&l);
}
