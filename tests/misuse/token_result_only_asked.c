// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token in a result, of which only the success is asked: nobody settles it
// rule: owner-ignored
// compilers: none
// query: what 'slot_take\(ring\)' gives is lost
#include <holdfast/holdfast.h>

struct ring;

HF_TOKEN_DEFINE(slot, u16);
HF_RESULT_DEFINE(slot_token, struct slot_token);
struct slot_token_result slot_take(struct ring *ring);
void slot_put(struct ring *ring, struct slot_token t);

int f(struct ring *ring);
int f(struct ring *ring)
{
	int n = 0;

#ifdef MISUSE
	while (hf_is_ok(slot_take(ring))) /* E */
		n++;
#else
	for (; n < 3; n++) {
		hf_owe(slot, t, hf_try(slot_take(ring)));
		slot_put(ring, hf_pass(t));
	}
#endif
	return n;
}
