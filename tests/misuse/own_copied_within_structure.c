// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure with an owner in it copied to a local variable
// rule: owner-copied
// compilers: none
// query: '\*s' is copied with an owner in it
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
void peek(const struct slot *s);

void f(const struct slot *s);
void f(const struct slot *s)
{
#ifdef MISUSE
	const struct slot copy = *s; /* E */

	peek(&copy);
#else
	peek(s);
#endif
}
