// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an obligation forgotten where hf_try() returns
// rule: token-forgotten
// compilers: clang>=22
// expect: duty of 't.due' is still held at the end of function|duty of 't.due' is not held on every path
#include <holdfast/num.h>
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, int);
struct req_token begin(void);
void answer(int req, int status);
struct u32_result status_of(int req);

int f(void);
int f(void)
{
	u32 status;
#ifdef MISUSE
	hf_owe(req, t, begin()); /* E */

	status = hf_try(status_of(1));
#else
	status = hf_try(status_of(1));
	hf_owe(req, t, begin());
#endif
	answer(hf_settle(t), (int)status);
	return 0;
}
