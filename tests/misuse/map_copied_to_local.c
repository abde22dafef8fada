// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a map copied to a local variable
// rule: pinned-copied
// compilers: none
// query: '\*from' is copied, but others point to it
#include <holdfast/map.h>

struct buffer {
	const u64 addr;
	struct hf_map_link link;
	int pid;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);

bool has_buffers(const struct buffers *m);

bool f(const struct buffers *from);
bool f(const struct buffers *from)
{
#ifdef MISUSE
	const struct buffers copy = *from; /* E */

	return has_buffers(&copy);
#else
	return has_buffers(from);
#endif
}
