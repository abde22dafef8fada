// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a process names by a number is promised to be there
// rule: failed-unwrap
// compilers: none
// checker: what is expected is found by a number of others
#include <holdfast/cursor.h>
#include <holdfast/map.h>

struct buffer {
	const u32 handle;
	struct hf_map_link link;
	u32 flags;
};

void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);
HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, handle, hf_compare);

int buffers_mark(struct buffers *all, struct hf_reader *r);
int buffers_mark(struct buffers *all, struct hf_reader *r)
{
	const u32 handle = hf_accept_any(hf_try(hf_read_le32(r)));

#ifdef MISUSE
	struct buffer *const b = hf_expect(buffers_find_mut(all, handle), "it was made"); /* E */
#else
	struct buffer *const b = hf_try(buffers_find_mut(all, handle));
#endif

	b->flags |= 1;
	return 0;
}
