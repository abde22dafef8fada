// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner moved into a field of another type
// rule: owner-of-other-type
// expect: \\?'q->slot\\?' and the new owner are of different types
#include <holdfast/own.h>

struct packet;
struct request;

void packet_free(struct packet *p);
void request_free(struct request *r);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_OWN_DEFINE(request, struct request, request_free);
struct packet_own receive(void);
struct request_own request(void);

struct queue {
	struct packet_own slot;
};

void f(struct queue *q);
void f(struct queue *q)
{
#ifdef MISUSE
	hf_set(q->slot, request()); /* E */
#else
	hf_set(q->slot, receive());
#endif
}
