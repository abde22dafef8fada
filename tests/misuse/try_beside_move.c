// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() beside an owner that has been moved, and is lost on error
// rule: try-misplaced
// compilers: none
// query: hf_try\(\) stands among other operands
#include <holdfast/holdfast.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
struct u32_result parse(const char *text);
int submit(struct request_own req, u32 tag);

int f(const char *text, struct request_own given);
int f(const char *text, struct request_own given)
{
	hf_let(request, req, given);

#ifdef MISUSE
	return submit(hf_move(req), hf_try(parse(text))); /* E */
#else
	const u32 tag = hf_try(parse(text));

	return submit(hf_move(req), tag);
#endif
}
