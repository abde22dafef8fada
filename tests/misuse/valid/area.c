// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Pages that come when they are needed: messages in a part of a process's memory, one after the other.
#include <holdfast/holdfast.h>

#define AREA_MAX	(4u << 20)

struct message {
	struct hf_link link;
	struct hf_pages_own pages;
};

static inline void message_free(struct message *m)
{
	hf_link_fini(&m->link);
	hf_pages_own_drop(&m->pages);
	hf_free(m);
}

HF_OWN_DEFINE(message, struct message, message_free);
HF_LIST_DEFINE(messages, message_own, struct message, link);

struct inbox {
	struct hf_area_arc area;
	struct messages waiting;
	u64 next;
};

HF_LOCKED_DEFINE(locked_inbox, spinlock, struct inbox);

int inbox_map(struct locked_inbox *l, struct hf_vma *vma);
int inbox_map(struct locked_inbox *l, struct hf_vma *vma)
{
	hf_let_arc(hf_area, area, hf_try(hf_new_area(vma, AREA_MAX, GFP_KERNEL_ACCOUNT)));
	hf_lock(in, l);

	if (!hf_is_empty(in->area))
		return -EBUSY;
	hf_set(in->area, hf_move(area));
	return 0;
}

/* Where the next message goes. */
static struct hf_area_arc_result inbox_reserve(struct locked_inbox *l, u64 size, u64 *at)
{
	hf_lock(in, l);

	if (hf_is_empty(in->area) || !hf_area_is_mapped(hf_ref(in->area)))
		return hf_err(hf_area_arc, -ESRCH);
	*at = in->next;
	in->next = hf_try_in(hf_area_arc, hf_add_u64(in->next, size));
	return hf_ok(hf_area_arc, hf_arc_from(hf_area, hf_ref(in->area)));
}

int inbox_send(struct locked_inbox *l, struct hf_uaccess_reader *from, u64 *address);
int inbox_send(struct locked_inbox *l, struct hf_uaccess_reader *from, u64 *address)
{
	const u64 size = hf_remaining(from);
	u64 at;
	hf_let(message, m, hf_try(hf_new(message, GFP_KERNEL)));
	hf_let_arc(hf_area, area, hf_try(inbox_reserve(l, size, &at)));

	hf_try_errno(hf_set_ok(hf_mut(m)->pages, hf_area_need(hf_ref(area), at, size)));
	hf_try_errno(hf_uaccess_read_pages(from, hf_ref(hf_ref(m)->pages), 0, size));
	*address = hf_area_address(hf_ref(area)) + at;
	hf_lock(in, l);
	messages_push_back(&in->waiting, hf_move(m));
	return 0;
}
