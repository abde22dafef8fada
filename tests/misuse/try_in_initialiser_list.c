// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() beside another value of an initialiser
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/own.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct pair {
	struct request_own a, b;
};

struct request_own_result make(int tag);
int peek(const struct pair *p);

int f(void);
int f(void)
{
#ifdef MISUSE
	const struct pair p = { .a = hf_try(make(1)), .b = hf_try(make(2)) }; /* E */

	return peek(&p);
#else
	hf_let(request, a, hf_try(make(1)));
	hf_let(request, b, hf_try(make(2)));
	const struct pair p = { .a = hf_move(a), .b = hf_move(b) };

	return peek(&p);
#endif
}
