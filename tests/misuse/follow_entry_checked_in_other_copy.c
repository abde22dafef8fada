// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a member of a shared entry checked in the copy of one helper, and taken from the copy of another
// rule: device-memory
// compilers: none
// checker: takes the number out of a second copy, .* since the first one was checked in line
#include <holdfast/holdfast.h>

struct used {
	struct hf_le32 id, len;
};

HF_DMA_DEFINE(used_ring, struct used);

struct vq {
	struct used_ring used;
	u32 last, free[128];
};

static bool is_ours(const struct vq *q)
{
	const struct used u = used_ring_read(&q->used, q->last);

	return hf_is_ok(hf_below(hf_from_le(u.id), 128));
}

int vq_pop(struct vq *q);
int vq_pop(struct vq *q)
{
	if (!is_ours(q))
		return -EIO;
#ifdef MISUSE
	const struct used u = used_ring_read(&q->used, q->last);
	const u32 id = hf_accept_any(hf_from_le(u.id)); /* E */
#else
	const struct used u = used_ring_read(&q->used, q->last);
	const u32 id = hf_try(hf_below(hf_from_le(u.id), 128));
#endif

	q->free[id] = hf_accept_any(hf_from_le(u.len));
	return 0;
}
