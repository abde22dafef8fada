// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two hf_try() in one call: the second loses what the first got
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/own.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
struct request_own_result make(int tag);
int submit(struct request_own a, struct request_own b);

int f(void);
int f(void)
{
#ifdef MISUSE
	return submit(hf_try(make(1)), hf_try(make(2))); /* E */
#else
	hf_let(request, first, hf_try(make(1)));
	hf_let(request, second, hf_try(make(2)));

	return submit(hf_move(first), hf_move(second));
#endif
}
