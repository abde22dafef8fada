// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an obligation settled after it was passed on
// rule: token-twice
// compilers: clang>=22
// expect: releasing duty of 't.due' that was not held
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req, int status);
void submit(struct req_token t);

void f(void);
void f(void)
{
	hf_owe(req, t, begin());

	submit(hf_pass(t));
#ifdef MISUSE
	answer(hf_settle(t), 0); /* E */
#endif
}
