// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the key of an element written, which may be in a map
// rule: map-key-changed
// expect-gcc: assignment of read-only member 'addr'
// expect-clang: cannot assign to non-static data member 'addr' with const-qualified type
// explained: const-written
#include <holdfast/map.h>

struct buffer {
	const u64 addr;
	struct hf_map_link link;
	int pid;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);

int f(struct buffers *m, u64 addr, u64 to);
int f(struct buffers *m, u64 addr, u64 to)
{
#ifdef MISUSE
	hf_try(buffers_find_mut(m, addr))->addr = to; /* E */
	return 0;
#else
	hf_let(buffer, b, hf_try(buffers_remove_key(m, addr)));

	buffers_set_key(hf_mut(b), to);
	return buffers_insert(m, hf_move(b));
#endif
}
