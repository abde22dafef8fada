// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a removed element cast to void, and leaked
// rule: owner-ignored
// compilers: none
// query: is lost, as nothing takes it
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct urb {
	struct hf_link link;
	u32 endpoint;
};

void urb_free(struct urb *u);
HF_OWN_DEFINE(urb, struct urb, urb_free);
HF_LIST_DEFINE(urbs, urb_own, struct urb, link);

struct hub {
	struct urbs queued;
	u32 cancelled;
};

HF_LOCKED_DEFINE(hub_locked, spinlock_irq, struct hub);

static void hub_forget(struct hub *hub, const struct urb *u)
{
#ifdef MISUSE
	(void)urbs_remove(&hub->queued, u); /* E */
#else
	hf_drop_ok(urb_own, urbs_remove(&hub->queued, u));
#endif
	hub->cancelled++;
}

void hub_cancel(const struct hub_locked *hub, u32 endpoint);
void hub_cancel(const struct hub_locked *hub, u32 endpoint)
{
	hf_lock(h, hub);
	hf_list_cursor(c, &h->queued);

	for (struct urb *u; (u = urbs_next(&c));)
		if (u->endpoint == endpoint)
			hub_forget(h, u);
}
