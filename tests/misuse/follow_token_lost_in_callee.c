// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token as a parameter that one way out of the function does not take
// rule: token-forgotten
// compilers: none
// checker: has not taken the parameter 'given', which stays owed
#include <holdfast/token.h>

HF_TOKEN_DEFINE(cid, u16);
void cid_free(u16 cid);

int f(struct cid_token given, bool ready);
int f(struct cid_token given, bool ready)
{
#ifdef MISUSE
	if (!ready)
		return -ENODEV; /* E */
#endif
	hf_owe(cid, t, given);
	cid_free(hf_settle(t));
	return ready ? 0 : -ENODEV;
}
