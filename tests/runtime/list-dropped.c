// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

int main(void)
{
	struct packets l;

	packets_init(&l);
	packets_push_back(&l, packet_new());
	packets_fini(&l);
	return 0;
}
