// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an obligation settled before a return that does not come
// rule: token-twice
// compilers: clang>=22
// expect: duty of 't.due'
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req, int status);

void f(int bad);
void f(int bad)
{
	hf_owe(req, t, begin());

	if (bad) {
		answer(hf_settle(t), -EINVAL);
#ifdef MISUSE
		bad = 0;
#else
		return;
#endif
	}
	answer(hf_settle(t), 0); /* E */
}
