// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner that memcpy() copies with the structure around it
// rule: owner-copied
// compilers: none
// checker: 'memcpy' on what owns something
#include <holdfast/holdfast.h>

struct request {
	int tag;
	u32 len;
	u8 data[64];
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct slot {
	struct request_own request;
	int state;
};

void f(struct slot *to, struct slot *from);
void f(struct slot *to, struct slot *from)
{
#ifdef MISUSE
	memcpy(to, from, sizeof(*to)); /* E */
#else
	hf_set(to->request, hf_take(from->request));
	to->state = from->state;
#endif
}
