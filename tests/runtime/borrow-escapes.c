// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

static __attribute__((noinline)) const struct packet *first(void)
{
	hf_let(packet, p, packet_new());

	hf_mut(p)->len = 3;
	return hf_ref(p);
}

int main(void)
{
	return is_poison(&first()->len);
}
