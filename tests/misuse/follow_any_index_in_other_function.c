// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a queue number that the device gave, stored by the interrupt and used as an index by the poll
// rule: untrusted-number
// compilers: none
// checker: 'queue' takes any number from outside here, and line [0-9]+ uses it as an index of '.*depth'
#include <holdfast/holdfast.h>

struct event {
	struct hf_le32 kind;
	struct hf_le16 queue, flags;
};

struct nic {
	struct {
		u32 kind;
		u16 queue;
	} last;
	u32 depth[16];
};

static u16 event_queue(const struct event *e)
{
#ifdef MISUSE
	return hf_accept_any(hf_from_le(e->queue)); /* E */
#else
	return hf_mask(hf_from_le(e->queue), 15);
#endif
}

void nic_event(struct nic *n, const struct event *e);
void nic_event(struct nic *n, const struct event *e)
{
	n->last.kind = hf_accept_any(hf_from_le(e->kind));
	n->last.queue = event_queue(e);
}

u32 nic_poll(struct nic *n);
u32 nic_poll(struct nic *n)
{
	const u16 at = n->last.queue;

	if (n->last.kind != 3)
		return 0;
	return n->depth[at]++;
}
