// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner that memset() clears with the structure around it
// rule: owner-overwritten
// compilers: none
// checker: 'memset' on what owns something
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

void f(struct slot *s);
void f(struct slot *s)
{
#ifdef MISUSE
	memset(s, 0, sizeof(*s)); /* E */
#else
	request_own_drop(&s->request);
	s->state = 0;
#endif
}
