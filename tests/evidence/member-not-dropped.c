// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: kmemleak at run time
#include "kernel.h"

struct xfer {
	struct packet *packet;
};

void xfer_free(struct xfer *x);
void xfer_free(struct xfer *x)
{
#ifndef MISUSE
	packet_free(x->packet);
#endif
	kfree(x);
}
