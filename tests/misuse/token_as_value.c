// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what is owed used while it stays owed
// rule: token-misused
// expect-gcc: incompatible type for argument 1 of 'cid_free'
// expect-clang: passing 'struct cid_token' to parameter of incompatible type 'u16'
#include <holdfast/token.h>

HF_TOKEN_DEFINE(cid, u16);
void cid_free(u16 cid);

void f(struct cid_token arg);
void f(struct cid_token arg)
{
	hf_owe(cid, t, arg);

#ifdef MISUSE
	cid_free(t); /* E */
#else
	cid_free(hf_settle(t));
#endif
}
