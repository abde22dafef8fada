// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct packets a, b;
	struct packet_own p = packet_new(), copy = p;

	packets_init(&a);
	packets_init(&b);
	packets_push_back(&a, p);
	packets_push_back(&b, copy);
	return 0;
}
