// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element put into a map of others
// rule: list-of-other-kind
// expect-gcc: incompatible type for argument 2 of 'buffers_insert'
// expect-clang: passing .*'struct thread_own'.* to parameter of incompatible type 'struct buffer_own'
// explained: owner-of-other-type
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

int f(struct buffers *m, struct threads *t, struct thread_own arg);
int f(struct buffers *m, struct threads *t, struct thread_own arg)
{
	hf_let(thread, x, arg);

	(void)m;
	(void)t;
#ifdef MISUSE
	return buffers_insert(m, hf_move(x)); /* E */
#else
	return threads_insert(t, hf_move(x));
#endif
}
