// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a map of elements that its handles do not own
// rule: list-of-other-kind
// expect: HF_MAP_DEFINE: .*thread_own.* is no owner of .*struct buffer
#include <holdfast/map.h>

struct buffer {
	const u64 addr;
	struct hf_map_link link;
};

struct thread {
	const u64 pid;
	struct hf_map_link link;
};

void buffer_free(struct buffer *b);
void thread_free(struct thread *t);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_OWN_DEFINE(thread, struct thread, thread_free);

#ifdef MISUSE
HF_MAP_DEFINE(buffers, thread_own, struct buffer, link, addr, hf_compare); /* E */
#else
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);
#endif
