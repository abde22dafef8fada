// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow carried out of its owner's scope in a structure
// rule: borrow-escapes
// compilers: none
// analyzer: use after 'hf_drop' of 'h.p'
// explained: borrow-outlives-owner
// checker: uses a pointer to what belongs to
#include <holdfast/own.h>

struct packet {
	int len;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
int peek(const struct packet *p);
void poke(struct packet *p);
void transmit(struct packet_own p);

struct holder {
	const struct packet *p;
};

int f(const struct packet *other);
int f(const struct packet *other)
{
	struct holder h = { .p = other };

	{
		hf_let(packet, p, receive());

#ifdef MISUSE
		h.p = hf_ref(p);
#else
		(void)peek(hf_ref(p));
#endif
	}
	return h.p->len; /* E */
}
