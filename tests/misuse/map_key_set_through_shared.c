// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the key of an element set that the map lends for reading
// rule: write-to-shared
// flags: -Werror
// expect: discards
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
	hf_let(buffer, b, hf_try(buffers_remove_key(m, addr)));

#ifdef MISUSE
	buffers_set_key(hf_ref(b), to); /* E */
#else
	buffers_set_key(hf_mut(b), to);
#endif
	return buffers_insert(m, hf_move(b));
}
