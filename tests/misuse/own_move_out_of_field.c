// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner moved out of a field, which others may look at
// rule: move-out-of-field
// compilers: clang>=22
// expect: releasing ownership of 'q->slot.own' that was not held
#include <holdfast/own.h>

struct packet;

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);
struct packet_own receive(void);
void transmit(struct packet_own p);

struct queue {
	struct packet_own slot;
};

void f(struct queue *q);
void f(struct queue *q)
{
#ifdef MISUSE
	transmit(hf_move(q->slot)); /* E */
#else
	transmit(hf_take(q->slot));
#endif
}
