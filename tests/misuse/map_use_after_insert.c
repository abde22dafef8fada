// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an element used by the one who gave it to a map
// rule: use-after-move
// compilers: clang>=22
// expect: requires holding ownership of 'b.own'
// coccinelle: 'b' was moved
#include <holdfast/map.h>

struct buffer {
	const u64 addr;
	struct hf_map_link link;
	int pid;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, addr, hf_compare);

int f(struct buffers *m, struct buffer_own arg);
int f(struct buffers *m, struct buffer_own arg)
{
	hf_let(buffer, b, arg);

#ifdef MISUSE
	hf_try_errno(buffers_insert(m, hf_move(b)));
	return hf_ref(b)->pid; /* E */
#else
	int pid = hf_ref(b)->pid;

	hf_try_errno(buffers_insert(m, hf_move(b)));
	return pid;
#endif
}
