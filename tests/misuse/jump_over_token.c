// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a goto over an obligation
// rule: jump-over-binding
// expect-gcc: (?:jump into scope|switch jumps into scope) of identifier with variably modified type
// expect-clang: cannot jump from (?:this goto|switch) statement to (?:its|this case) label
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req, int status);
int serve(int n);

int serve(int n)
{
#ifdef MISUSE
	if (!n)
		goto none; /* E */
#else
	if (!n)
		return 0;
#endif
	hf_owe(req, t, begin());

	answer(hf_settle(t), 0);
#ifdef MISUSE
none:
#endif
	return 0;
}
