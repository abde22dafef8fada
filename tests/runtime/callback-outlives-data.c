// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <fcntl.h>

#include <holdfast/file.h>

#include "packet.h"

HF_LOCKED_DEFINE(locked_len, mutex, int);
HF_CONDVAR_DEFINE(locked_len);
HF_FILE_DEFINE(node, packet_own, packet_own);

static struct packet_own_result node_open(const struct packet *device, const struct hf_file *how)
{
	(void)device;
	(void)how;
	return hf_new(packet, GFP_KERNEL);
}

static __poll_t node_poll(const struct packet *p, struct hf_poll *poll)
{
	struct locked_len_condvar changed;

	(void)p;
	hf_cond_init(&changed);
	hf_poll_wait(poll, &changed);
	hf_cond_fini(&changed);
	return EPOLLIN;
}

HF_FILE_OPS(node, packet_own, .open = node_open, .poll = node_poll);

int main(void)
{
	hf_let(node, n, hf_try(hf_node_register(node, "node", packet_new(), GFP_KERNEL)));
	struct hf_user_file *f;

	hf_try_errno(hf_user_open("node", O_RDWR, &f));
	return !hf_user_poll(f, EPOLLIN, 0);
}
