// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token in a variable that only its value is read of
// rule: token-forgotten
// compilers: none
// checker: 't' has the token and nobody settles it: bind it by hf_owe()
#include <holdfast/token.h>

HF_TOKEN_DEFINE(slot, u32);
struct slot_token slot_get(void);
void slot_put(u32 slot);
void doorbell(u32 slot);

void kick(void);
void kick(void)
{
#ifdef MISUSE
	const struct slot_token t = slot_get(); /* E */

	doorbell(hf_token_value(t));
#else
	hf_owe(slot, t, slot_get());

	doorbell(hf_token_value(t));
	slot_put(hf_settle(t));
#endif
}
