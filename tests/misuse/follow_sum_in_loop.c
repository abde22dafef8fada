// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: lengths of segments, each of which was checked, added in a type that has not their sum
// rule: arithmetic-overflow
// compilers: none
// checker: wraps in 16 bits, as the numbers from outside may be so large, and line [0-9]+ uses it as a size
#include <holdfast/holdfast.h>

enum { SEGMENTS = 40, SEGMENT_MAX = 2048 };

struct segment {
	const u8 *data;
	struct hf_untrusted_u16 length;
};

HF_SLICE_DEFINE(segment, struct segment);

struct chain {
	HF_TRAILING(u8, byte);
};

static void chain_free(struct chain *c)
{
	hf_free(c);
}

HF_OWN_DEFINE(chain, struct chain, chain_free);

struct chain_own_result chain_make(struct segment_slice all);
struct chain_own_result chain_make(struct segment_slice all)
{
#ifdef MISUSE
	u16 bytes = 0;
#else
	size_t bytes = 0;
#endif

	if (hf_len(all) > SEGMENTS)
		return hf_err(chain_own, -E2BIG);
	for (size_t i = 0; i < hf_len(all); i++)
		bytes += hf_try_in(chain_own, hf_at_most(hf_at(all, i).length, SEGMENT_MAX)); /* E */
	hf_let(chain, c, hf_try_in(chain_own, hf_new_array(chain, byte, bytes, GFP_KERNEL)));
	return hf_ok(chain_own, hf_move(c));
}
