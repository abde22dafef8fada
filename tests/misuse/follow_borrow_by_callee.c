// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow that a function of the same file gave through a parameter, used after the drop
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'r', which was moved or dropped
#include <holdfast/holdfast.h>

struct request {
	int tag;
	u32 len;
	u8 data[64];
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

static void first(const struct request *r, const int **tag)
{
	*tag = &r->tag;
}

int f(struct request_own given);
int f(struct request_own given)
{
	hf_let(request, r, given);
	const int *tag;

	first(hf_ref(r), &tag);
#ifdef MISUSE
	hf_drop(request, r);
#endif
	return *tag; /* E */
}
