// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner as a parameter that one way out of the function does not take
// rule: owner-ignored
// compilers: none
// checker: has not taken the parameter 'given', and what it owns is lost
#include <holdfast/holdfast.h>

struct request {
	int tag;
	u32 len;
	u8 data[64];
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
int send(struct request_own r);

int f(struct request_own given, bool ready);
int f(struct request_own given, bool ready)
{
#ifdef MISUSE
	if (!ready)
		return -ENODEV; /* E */
#endif
	hf_let(request, r, given);
	if (!ready)
		return -ENODEV;
	return send(hf_move(r));
}
