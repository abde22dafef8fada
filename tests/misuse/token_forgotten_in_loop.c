// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an obligation forgotten by a continue
// rule: token-forgotten
// compilers: clang>=22
// expect: duty of 't.due' is still held at the end of|duty of 't.due' is not held on every path|expecting duty of 't.due' to be held at start of each loop
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req, int status);

void f(int n);
void f(int n)
{
	for (int i = 0; i < n; i++) {
		hf_owe(req, t, begin()); /* E */
#ifdef MISUSE
		if (i == 3)
			continue;
#endif
		answer(hf_settle(t), 0);
	}
}
