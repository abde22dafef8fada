// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: bytes of an area used after their owner was dropped, so that the shrinker may have taken them
// rule: use-after-move
// compilers: clang>=22
// expect: calling function 'hf_ref_' requires holding ownership of 'message.own'
// analyzer: use after 'hf_move'
// coccinelle: 'message' was moved
#include <holdfast/pages.h>

int receive(const struct hf_area *area);
int receive(const struct hf_area *area)
{
	hf_let(hf_pages, message, hf_try(hf_area_need(area, 0, 64)));

#ifdef MISUSE
	hf_drop(hf_pages, message);
	return hf_pages_store_u32(hf_ref(message), 0, 1); /* E */
#else
	return hf_pages_store_u32(hf_ref(message), 0, 1);
#endif
}
