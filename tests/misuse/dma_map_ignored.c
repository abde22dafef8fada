// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a hand-over to the device whose result is ignored
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
#include <holdfast/dma.h>

int f(struct hf_device *dev, struct u8_buffer_own given);
int f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);

#ifdef MISUSE
	u8_map_to_device(hf_move(buf), dev, NULL); /* E */
	return 0;
#else
	hf_let(u8_to_device, m, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));
	return hf_dma_size(m) > 4;
#endif
}
