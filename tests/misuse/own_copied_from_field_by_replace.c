// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in a field exchanged for another by naming it
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

struct request_own f(struct slot *s, struct slot *d);
struct request_own f(struct slot *s, struct slot *d)
{
#ifdef MISUSE
	return hf_replace(d->req, s->req); /* E */
#else
	return hf_replace(d->req, hf_take(s->req));
#endif
}
