// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a result that is returned after its owner was taken out
// rule: owner-copied
// compilers: none
// checker: the owner in 'r' was taken out in line
#include <holdfast/own.h>

struct frame {
	u32 len;
};

static void frame_free(struct frame *f)
{
	hf_free(f);
}

HF_OWN_DEFINE(frame, struct frame, frame_free);
struct frame_own_result frame_next(void) HF_MUST_USE;

struct frame_own_result frame_read(u32 max);
struct frame_own_result frame_read(u32 max)
{
#ifdef MISUSE
	struct frame_own_result r = frame_next();

	if (hf_is_ok(r)) {
		hf_let(frame, f, hf_expect(r, "it was asked"));

		if (hf_ref(f)->len > max)
			return hf_err(frame_own, -EMSGSIZE);
	}
	return r; /* E */
#else
	hf_let(frame, f, hf_try_in(frame_own, frame_next()));

	if (hf_ref(f)->len > max)
		return hf_err(frame_own, -EMSGSIZE);
	return hf_ok(frame_own, hf_move(f));
#endif
}
