// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token given by naming it
// rule: owner-copied
// compilers: none
// query: 'cid' is copied, and stays an owner as well: hf_pass
#include <holdfast/token.h>

HF_TOKEN_DEFINE(cid, u16);

void complete(struct cid_token cid);

void f(struct cid_token given);
void f(struct cid_token given)
{
	hf_owe(cid, cid, given);

#ifdef MISUSE
	complete(cid); /* E */
	(void)hf_settle(cid);
#else
	complete(hf_pass(cid));
#endif
}
