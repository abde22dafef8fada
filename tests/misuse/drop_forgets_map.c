// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that forgets a map, whose elements are owned
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member 'buffers' owns
#include <holdfast/holdfast.h>

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

void process_free(struct process *p);
HF_OWN_DEFINE(process, struct process, process_free);

void process_free(struct process *p)
{
#ifdef MISUSE
	hf_free(p); /* E */
#else
	buffers_clear(&p->buffers);
	hf_free(p);
#endif
}
