// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that counts its calls fills a member, and never looks whether that is empty
// rule: owner-overwritten
// compilers: none
// checker: request' may still own what an earlier call of 'mbox_send' put there
#include <holdfast/lock.h>
#include <holdfast/own.h>

struct msg {
	u32 opcode;
};

void msg_free(struct msg *m);
HF_OWN_DEFINE(msg, struct msg, msg_free);

struct mbox_state {
	struct msg_own request;
	u32 sent, answered;
};

HF_LOCKED_DEFINE(locked_mbox, spinlock_irq, struct mbox_state);

void mbox_ring(u32 opcode);

int mbox_send(const struct locked_mbox *mbox, struct msg_own given);
int mbox_send(const struct locked_mbox *mbox, struct msg_own given)
{
	hf_let(msg, m, given);
	hf_lock(s, mbox);
	const u32 opcode = hf_ref(m)->opcode;

#ifdef MISUSE
	hf_set(s->request, hf_move(m)); /* E */
#else
	if (!hf_is_empty(s->request))
		return -EBUSY;
	hf_set(s->request, hf_move(m));
#endif
	s->sent++;
	mbox_ring(opcode);
	return 0;
}

void mbox_irq(const struct locked_mbox *mbox);
void mbox_irq(const struct locked_mbox *mbox)
{
	hf_let(msg, m, hf_empty(msg_own));
	hf_lock(s, mbox);

	if (hf_is_empty(s->request))
		return;
	hf_set(m, hf_take(s->request));
	s->answered++;
}
