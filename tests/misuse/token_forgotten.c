// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a path that forgets an obligation
// rule: token-forgotten
// compilers: clang>=22
// expect: duty of 't.due' is still held at the end of function|duty of 't.due' is not held on every path
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req, int status);

int f(int bad);
int f(int bad)
{
	hf_owe(req, t, begin()); /* E */

	if (bad) {
#ifdef MISUSE
		return -EINVAL;
#else
		answer(hf_settle(t), -EINVAL);
		return -EINVAL;
#endif
	}
	answer(hf_settle(t), 0);
	return 0;
}
