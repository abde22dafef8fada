// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a deferred call with a structure that points to what was dropped before it runs
// rule: borrow-escapes
// compilers: none
// checker: 'report.r' keeps a pointer to what belongs to 'r'
#include <holdfast/holdfast.h>

struct request {
	int tag;
	u32 len;
	u8 data[64];
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct report {
	const struct request *r;
};

void show(void *report);
int execute(struct request *r);

int f(struct request_own given);
int f(struct request_own given)
{
	struct report report = { .r = NULL };
#ifdef MISUSE
	hf_defer(late, show, &report);
	hf_let(request, r, given);
#else
	hf_let(request, r, given);
	hf_defer(late, show, &report);
#endif

	report.r = hf_ref(r); /* E */
	return execute(hf_mut(r));
}
