// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over one map advanced as one over another
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'threads_next' from incompatible pointer type
// expect-clang: 'threads_next' is unavailable: it takes a struct threads_cursor \*
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
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);
HF_MAP_DEFINE(threads, thread_own, struct thread, link, pid, hf_compare);

bool f(struct buffers *m);
bool f(struct buffers *m)
{
	hf_map_cursor(c, m);
#ifdef MISUSE
	return threads_next(&c); /* E */
#else
	return buffers_next(&c);
#endif
}
