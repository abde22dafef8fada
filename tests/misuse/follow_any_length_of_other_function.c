// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a length that a register gave, stored by the interrupt and copied by in another function
// rule: untrusted-number
// compilers: none
// checker: 'length' takes any number from outside here, and line [0-9]+ uses it as the length of a memcpy
#include <holdfast/holdfast.h>

struct mailbox {
	struct {
		u32 length, seen;
	} message;
	u8 text[64];
};

void mailbox_interrupt(struct mailbox *m, struct hf_untrusted_u32 word);
void mailbox_interrupt(struct mailbox *m, struct hf_untrusted_u32 word)
{
#ifdef MISUSE
	m->message.length = hf_accept_any(word); /* E */
#else
	m->message.length = hf_mask(word, sizeof(m->text) - 1);
#endif
	m->message.seen++;
}

u32 mailbox_take(struct mailbox *m, const u8 *from);
u32 mailbox_take(struct mailbox *m, const u8 *from)
{
	const u32 n = m->message.length;

	if (!m->message.seen)
		return 0;
	memcpy(m->text, from, n);
	return n;
}
