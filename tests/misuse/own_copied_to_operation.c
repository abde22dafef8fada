// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner given by naming it to an operation in a structure
// rule: owner-copied
// compilers: none
// query: 'req' is copied, and stays an owner as well: hf_move
#include <holdfast/own.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct queue {
	const struct queue_ops {
		int (*submit)(struct queue *q, struct request_own req);
	} *ops;
};

int f(struct queue *q, struct request_own given);
int f(struct queue *q, struct request_own given)
{
	hf_let(request, req, given);

#ifdef MISUSE
	return q->ops->submit(q, req); /* E */
#else
	return q->ops->submit(q, hf_move(req));
#endif
}
