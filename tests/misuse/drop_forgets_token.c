// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that forgets what a member still owes
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member 'cid' owns
#include <holdfast/holdfast.h>

HF_TOKEN_DEFINE(cid, u16);
void cid_free(struct cid_token cid);

struct request {
	struct cid_token cid;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

void request_free(struct request *r)
{
#ifdef MISUSE
	hf_free(r); /* E */
#else
	if (hf_owed(r->cid))
		cid_free(hf_token_take(r->cid));
	hf_free(r);
#endif
}
