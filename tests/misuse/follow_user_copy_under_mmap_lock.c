// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: user memory read under a lock that the mmap operation takes
// rule: lock-order
// compilers: none
// checker: this takes 'mmap_lock' under 'state', and 'video_mmap' takes them the other way round
#include <holdfast/holdfast.h>

struct video_state {
	struct hf_pages_own frame;
	u32 width, height;
};

HF_LOCKED_DEFINE(video_locked, mutex, struct video_state);

struct video {
	struct video_locked state;
};

static int video_set(struct video_state *s, struct hf_uaccess_reader *from)
{
	s->width = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), 4096));
	s->height = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), 4096));
	return 0;
}

int video_mmap(const struct video *v, struct hf_vma *vma);
int video_mmap(const struct video *v, struct hf_vma *vma)
{
	hf_lock(s, &v->state);

	if (hf_is_empty(s->frame))
		return -ENODATA;
	return hf_vma_map_readonly(vma, hf_ref(s->frame));
}

int video_resize(const struct video *v, struct hf_uaccess_reader *from);
int video_resize(const struct video *v, struct hf_uaccess_reader *from)
{
#ifdef MISUSE
	hf_lock(s, &v->state);

	return video_set(s, from); /* E */
#else
	struct video_state read = { .width = 0 };

	hf_try_errno(video_set(&read, from));
	hf_lock(s, &v->state);
	s->width = read.width;
	s->height = read.height;
	return 0;
#endif
}
