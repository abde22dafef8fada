// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in a field copied into the initialiser of another structure
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
void fill(struct slot *s);

void f(struct slot *s);
void f(struct slot *s)
{
#ifdef MISUSE
	struct slot local = { .req = s->req }; /* E */
#else
	struct slot local = { .req = hf_take(s->req) };
#endif

	fill(&local);
}
