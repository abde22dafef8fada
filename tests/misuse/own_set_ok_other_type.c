// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_set_ok() of a result whose owner is of another type than the field
// rule: owner-of-other-type
// expect: \\?'q->slot\\?' and the new owner are of different types
#include <holdfast/own.h>

struct packet;
struct request;

void packet_free(struct packet *p);
void request_free(struct request *r);
HF_OWN_DEFINE(packet, struct packet, packet_free);
HF_OWN_DEFINE(request, struct request, request_free);
struct packet_own_result receive(void);
struct request_own_result request(void);

struct queue {
	struct packet_own slot;
};

int f(struct queue *q);
int f(struct queue *q)
{
#ifdef MISUSE
	return hf_set_ok(q->slot, request()); /* E */
#else
	return hf_set_ok(q->slot, receive());
#endif
}
