// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

HF_REVOCABLE_DEFINE(shown_packet, srcu, packet_own);

static int len_of(const struct shown_packet *r)
{
	hf_access_else(p, r, return -ENODEV);

	return p->len;
}

int main(void)
{
	struct shown_packet r;
	int err = shown_packet_init(&r, packet_new());

	if (!err) {
		shown_packet_revoke(&r);
		err = len_of(&r);
		shown_packet_fini(&r);
	}
	return is_error(err);
}
