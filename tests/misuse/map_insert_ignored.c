// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: whether an insertion failed ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/map.h>

struct buffer {
	const u64 addr;
	struct hf_map_link link;
	int pid;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);

int f(struct buffers *m, struct buffer_own arg);
int f(struct buffers *m, struct buffer_own arg)
{
	hf_let(buffer, b, arg);

#ifdef MISUSE
	buffers_insert(m, hf_move(b)); /* E */
	return 0;
#else
	return buffers_insert(m, hf_move(b));
#endif
}
