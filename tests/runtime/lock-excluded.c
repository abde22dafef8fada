// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_LOCKED_DEFINE(locked_packet, mutex, struct packet);

static __attribute__((noinline)) int takes_it_itself(struct locked_packet *l)
{
	hf_lock(p, l);
	return p->len;
}

int main(void)
{
	struct locked_packet l;

	hf_lock_init(&l);
	hf_lock(p, &l);
	p->len = 1;
	return takes_it_itself(&l);
}
