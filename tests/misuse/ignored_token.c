// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function's obligation is ignored, and never settled
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/token.h>

HF_TOKEN_DEFINE(cid, u16);
struct cid_token cid_alloc(void);
void cid_free(u16 cid);

void f(void);
void f(void)
{
#ifdef MISUSE
	cid_alloc(); /* E */
#else
	hf_owe(cid, t, cid_alloc());

	cid_free(hf_settle(t));
#endif
}
