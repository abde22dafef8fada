// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an obligation of one kind settled as one of another
// rule: token-misused
// expect-gcc: incompatible type for argument 1 of 'answer'
// expect-clang: passing .*'struct cid_token'.* to parameter of incompatible type 'struct req_token'
#include <holdfast/token.h>

HF_TOKEN_DEFINE(req, u16);
HF_TOKEN_DEFINE(cid, u16);
void answer(struct req_token t);
void cid_free(struct cid_token t);

void f(struct cid_token arg);
void f(struct cid_token arg)
{
	hf_owe(cid, t, arg);

#ifdef MISUSE
	answer(hf_pass(t)); /* E */
#else
	cid_free(hf_pass(t));
#endif
}
