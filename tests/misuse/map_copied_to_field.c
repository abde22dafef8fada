// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a map assigned to the map of another object
// rule: pinned-copied
// expect-gcc: assignment of read-only (location|member)
// expect-clang: const-qualified data member 'stays_'
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

struct process {
	struct buffers buffers;
};

void f(struct process *p, struct buffers *m);
void f(struct process *p, struct buffers *m)
{
#ifdef MISUSE
	p->buffers = *m; /* E */
#else
	buffers_clear(m);
	buffers_init(&p->buffers);
#endif
}
