// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner copied through a pointer to it
// rule: owner-copied
// compilers: none
// query: '\*place' is copied, and stays an owner as well: hf_take
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

int f(struct request_own *place);
int f(struct request_own *place)
{
#ifdef MISUSE
	return submit(*place); /* E */
#else
	return submit(hf_take(*place));
#endif
}
