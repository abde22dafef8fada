// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element removed from a map ignored, and leaked
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/map.h>

struct buffer {
	const u64 addr;
	struct hf_map_link link;
	int pid;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);

int f(struct buffers *m, u64 addr);
int f(struct buffers *m, u64 addr)
{
#ifdef MISUSE
	buffers_remove_key(m, addr); /* E */
#else
	hf_let(buffer, x, hf_try(buffers_remove_key(m, addr)));
#endif
	return 0;
}
