// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element looked up by the key of another map
// rule: list-of-other-kind
// expect-gcc: incompatible type for argument 2 of 'buffers_find'
// expect-clang: passing .* to parameter of incompatible type .*struct by_size
#include <holdfast/map.h>

struct by_size {
	size_t size;
	u64 addr;
};

struct buffer {
	const struct by_size size;
	const u64 addr;
	struct hf_map_link size_link, addr_link;
	int pid;
};

void buffer_free(struct buffer *b);
int by_size(const struct by_size *a, const struct by_size *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, size_link, size, by_size);

int f(const struct buffers *m, u64 addr, size_t size);
int f(const struct buffers *m, u64 addr, size_t size)
{
	(void)size;
#ifdef MISUSE
	return hf_try(buffers_find(m, addr))->pid; /* E */
#else
	return hf_try(buffers_find(m, (struct by_size){ .size = size, .addr = addr }))->pid;
#endif
}
