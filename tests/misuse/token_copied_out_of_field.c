// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token in a field copied, so that two are owed
// rule: owner-copied
// compilers: none
// query: 'p->cid' is copied, and stays an owner as well: hf_token_take
#include <holdfast/token.h>

HF_TOKEN_DEFINE(cid, u16);

struct pending {
	struct cid_token cid;
};

void complete(struct cid_token cid);

void f(struct pending *p);
void f(struct pending *p)
{
#ifdef MISUSE
	complete(p->cid); /* E */
#else
	complete(hf_token_take(p->cid));
#endif
}
