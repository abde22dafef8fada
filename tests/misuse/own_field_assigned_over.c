// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner assigned over a field
// rule: owner-overwritten
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
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

struct queue {
	struct packet_own slot;
};

void f(struct queue *q);
void f(struct queue *q)
{
	hf_let(packet, p, receive());

#ifdef MISUSE
	q->slot = hf_move(p); /* E */
#else
	hf_set(q->slot, hf_move(p));
#endif
}
