// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: exclusive access to an element of a map that a read guard gives
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

#include <holdfast/lock.h>

HF_LOCKED_DEFINE(locked_buffers, rwlock, struct buffers);

int f(struct locked_buffers *l, u64 addr);
int f(struct locked_buffers *l, u64 addr)
{
#ifdef MISUSE
	hf_read_lock(m, l);
#else
	hf_write_lock(m, l);
#endif
	hf_try(buffers_lower_bound_mut(m, addr))->pid = 1; /* E */
	return 0;
}
