// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "packet.h"

struct buffer {
	const u64 addr;
	struct hf_map_link link;
};

static void buffer_free(struct buffer *b)
{
	hf_free(b);
}

HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);

int main(void)
{
	struct buffers m;

	buffers_init(&m);
	hf_try_errno(buffers_insert(&m, hf_expect(hf_new(buffer, GFP_KERNEL), "there is memory")));
	buffers_set_key(hf_try(buffers_first_mut(&m)), 8);
	return 0;
}
