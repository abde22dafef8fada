// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in a field passed to a function by naming the field
// rule: owner-copied
// compilers: none
// query: 's->req' is copied, and stays an owner as well: hf_take
#include <holdfast/own.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct slot {
	struct request_own req;
	struct request_own spare[2];
};
int submit(struct request_own req);

int f(struct slot *s);
int f(struct slot *s)
{
#ifdef MISUSE
	return submit(s->req); /* E */
#else
	return submit(hf_take(s->req));
#endif
}
