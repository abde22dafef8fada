// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what hf_leak() gave up is lost if the callee does not take it
// rule: owner-ignored
// compilers: none
// checker: gave in line 35 is lost on this way out of the function: adopt it again
#include <holdfast/own.h>

struct packet {
	u32 length;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

#define SLOTS 8

struct mailbox {
	void *slot[SLOTS];
	u32 next;
};

/* Takes @cookie if there is room. */
static bool mailbox_put(struct mailbox *m, void *cookie)
{
	if (m->next >= SLOTS)
		return false;
	m->slot[m->next++] = cookie;
	return true;
}

void packet_post(struct mailbox *m, struct packet_own given, u32 *dropped);
void packet_post(struct mailbox *m, struct packet_own given, u32 *dropped)
{
	hf_let(packet, p, given);
	struct packet *const raw = hf_leak(p);

	if (mailbox_put(m, raw))
		return;
	++*dropped;
#ifdef MISUSE
	return; /* E */
#else
	/* SAFETY: the mailbox did not take it. */
	hf_let(packet, again, hf_adopt_unchecked(packet, raw));
#endif
}
