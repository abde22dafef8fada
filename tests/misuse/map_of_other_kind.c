// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element looked up in a map of others
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'buffers_find' from incompatible pointer type
// expect-clang: passing .*struct threads \*.* to parameter of type 'const struct buffers \*'
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

int f(const struct buffers *m, const struct threads *t, u64 addr);
int f(const struct buffers *m, const struct threads *t, u64 addr)
{
	(void)m;
	(void)t;
#ifdef MISUSE
	return hf_errno(buffers_find(t, addr)); /* E */
#else
	return hf_errno(buffers_find(m, addr));
#endif
}
