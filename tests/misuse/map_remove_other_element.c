// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element of another type removed from a map
// rule: list-of-other-kind
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 2 of 'buffers_remove' from incompatible pointer type
// expect-clang: passing 'struct thread \*' to parameter of type 'const struct buffer \*'
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

int f(struct buffers *m, struct buffer *b, struct thread *t);
int f(struct buffers *m, struct buffer *b, struct thread *t)
{
	(void)b;
	(void)t;
#ifdef MISUSE
	hf_let(buffer, x, hf_try(buffers_remove(m, t))); /* E */
#else
	hf_let(buffer, x, hf_try(buffers_remove(m, b)));
#endif
	return 0;
}
