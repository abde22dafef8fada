// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the cookie of a request is leaked, and one of the ways out behind that neither keeps nor adopts it
// rule: owner-ignored
// compilers: none
// checker: on a path nobody takes what 'r' owned
#include <holdfast/own.h>

struct request {
	u64 sector;
	u32 tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);

struct ring {
	struct request *slot[16];
	u32 used;
};

void ring_done(struct ring *ring, u32 tag);
void ring_done(struct ring *ring, u32 tag)
{
	/* SAFETY: ring_submit() leaked it. */
	hf_let(request, r, hf_adopt_unchecked(request, ring->slot[tag % 16]));

	ring->slot[tag % 16] = NULL;
}

int ring_submit(struct ring *ring, struct request_own given);
int ring_submit(struct ring *ring, struct request_own given)
{
	hf_let(request, r, given);
	const u32 tag = hf_ref(r)->tag % 16;
	/* SAFETY: ring_done() finds it in its slot. */
	struct request *const cookie = hf_leak(r); /* E */

	if (ring->slot[tag]) {
#ifdef MISUSE
#else
		/* SAFETY: it was leaked above, and is in no slot. */
		hf_let(request, back, hf_adopt_unchecked(request, cookie));
#endif
		return -EBUSY;
	}
	ring->slot[tag] = cookie;
	ring->used++;
	return 0;
}
