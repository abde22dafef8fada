// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a bit of 64 set in the 32 that an unsigned int has
// rule: untrusted-number
// compilers: none
// checker: '1U << b' shifts 32 bits by a number from outside that may be 47
#include <holdfast/holdfast.h>

#define EVENTS 48

struct source {
	u64 pending;
	u32 lost;
};

static void source_raise(struct source *s, u8 first)
{
	const u8 b = first;

#ifdef MISUSE
	s->pending |= 1U << b; /* E */
#else
	s->pending |= 1ULL << b;
#endif
}

int source_event(struct source *s, struct hf_untrusted_u32 status);
int source_event(struct source *s, struct hf_untrusted_u32 status)
{
	u32 which;

	if (hf_store_ok(which, hf_below(hf_bits(status, 8, 6), EVENTS))) {
		s->lost++;
		return -EPROTO;
	}
	source_raise(s, (u8)which);
	return 0;
}
