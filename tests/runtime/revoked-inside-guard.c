// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_REVOCABLE_DEFINE(shown_packet, srcu, packet_own);

int main(void)
{
	struct shown_packet r;
	int err = shown_packet_init(&r, packet_new());

	if (err)
		return 3;
	hf_access_else(p, &r, return 3);
	shown_packet_revoke(&r);
	return p->len;
}
