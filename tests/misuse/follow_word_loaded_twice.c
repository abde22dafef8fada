// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a word that a process writes, checked and then loaded again
// rule: device-memory
// compilers: none
// checker: takes the number out of a second copy
#include <holdfast/holdfast.h>

enum { AT_HEAD = 4, SLOTS = 32 };

struct ring {
	u64 used[SLOTS];
	u64 kicks;
};

static int head_check(const struct hf_pages *p)
{
	return hf_try(hf_below(hf_try(hf_pages_load_u32(p, AT_HEAD)), SLOTS)) ? 0 : -EAGAIN;
}

int ring_kick(struct ring *r, const struct hf_pages *p);
int ring_kick(struct ring *r, const struct hf_pages *p)
{
#ifdef MISUSE
	hf_try_errno(head_check(p));
	const u32 head = hf_accept_any(hf_try(hf_pages_load_u32(p, AT_HEAD))); /* E */
#else
	const u32 head = hf_try(hf_below(hf_try(hf_pages_load_u32(p, AT_HEAD)), SLOTS));

	if (!head)
		return head_check(p);
#endif
	r->used[head] = ++r->kicks;
	return 0;
}
