// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a map whose keys anybody can write
// rule: map-key-changed
// expect: HF_MAP_DEFINE: the key .*addr.* of .*struct buffer.* is not const
#include <holdfast/map.h>

struct buffer {
#ifdef MISUSE
	u64 addr;
#else
	const u64 addr;
#endif
	struct hf_map_link link;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare); /* E */
