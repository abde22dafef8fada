// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <holdfast/wait.h>

#include "packet.h"

HF_LOCKED_DEFINE(locked_packet, mutex, struct packet);
HF_CONDVAR_DEFINE(locked_packet);

static int wait_for(struct locked_packet *l, struct locked_packet_condvar *cv)
{
	hf_lock(p, l);
	return hf_wait_timeout(cv, p, 1) == -ETIMEDOUT ? p->len : 1;
}

int main(void)
{
	static struct locked_packet a, b;
	struct locked_packet_condvar cv;

	hf_lock_init(&a);
	hf_lock_init(&b);
	hf_cond_init(&cv);
	return wait_for(&a, &cv) + wait_for(&b, &cv);
}
