// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of a slice of what was moved
// rule: borrow-outlives-owner
// compilers: none
// checker: '\*b' uses a pointer to what belongs to 'r', which was moved
#include <holdfast/holdfast.h>

struct request {
	int tag;
	u32 len;
	u8 data[64];
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
int send(struct request_own r);

int f(struct request_own given, u32 *sum);
int f(struct request_own given, u32 *sum)
{
	hf_let(request, r, given);
	struct u8_cslice all = hf_slice(u8_cslice, hf_ref(r)->data);
	struct u8_cslice part = hf_try(hf_subslice(all, 8, 16));

#ifdef MISUSE
	hf_try_errno(send(hf_move(r)));
#endif
	hf_for_each(b, part)
		*sum += *b; /* E */
	return 0;
}
