// SPDX-License-Identifier: GPL-2.0-only OR MIT
// An element that was found is there when it is looked up again, after the vector grew.
#include <holdfast/holdfast.h>

struct span {
	u64 start, size;
};

HF_SLICE_DEFINE(span, struct span);
HF_VEC_DEFINE(span);

struct map {
	struct span_vec spans;
};

static struct span *span_at(struct map *m, u64 at)
{
	hf_for_each(s, m->spans) {
		if (at >= s->start && at - s->start < s->size)
			return s;
	}
	return NULL;
}

int map_split(struct map *m, u64 at);
int map_split(struct map *m, u64 at)
{
	const struct span *low = span_at(m, at);
	struct span high;

	if (!low)
		return -ENOENT;
	high = (struct span){ .start = at, .size = low->size - (at - low->start) };
	hf_try_errno(hf_vec_reserve(&m->spans, 1, GFP_KERNEL));
	span_at(m, at)->size -= high.size;
	hf_try_errno(hf_vec_push_within(&m->spans, high));
	return 0;
}
