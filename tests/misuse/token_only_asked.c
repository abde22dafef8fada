// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a call that gives a token, which is only asked whether it is owed
// rule: owner-ignored
// compilers: none
// query: what 'slot_take\(ring\)' gives is lost
#include <holdfast/token.h>

struct ring;

HF_TOKEN_DEFINE(slot, u16);
struct slot_token slot_take(struct ring *ring);
void slot_put(struct ring *ring, struct slot_token t);

bool f(struct ring *ring);
bool f(struct ring *ring)
{
#ifdef MISUSE
	return hf_owed(slot_take(ring)); /* E */
#else
	hf_owe(slot, t, slot_take(ring));
	const bool owed = hf_owed(t);

	slot_put(ring, hf_pass(t));
	return owed;
#endif
}
