// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct packets a, b;

	packets_init(&a);
	packets_init(&b);
	packets_push_back(&a, packet_new());
	return hf_errno(packets_remove(&b, hf_try(packets_front(&a))));
}
