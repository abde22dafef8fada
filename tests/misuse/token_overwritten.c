// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an obligation stored over in a variable
// rule: token-forgotten
// compilers: clang>=22
// expect: duty of 't.due'
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req);

void f(int n);
void f(int n)
{
	for (int i = 0; i < n; i++) {
		hf_owe(req, t, begin()); /* E */

#ifdef MISUSE
		if (i == 3)
			break;
#endif
		answer(hf_settle(t));
	}
}
