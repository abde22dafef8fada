// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a mapping returned that needs a device of this function's for its end
// rule: borrow-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable 'dev' returned
#include <holdfast/dma.h>

struct u8_to_device_own_result f(const struct hf_device *of, struct hf_device *lasting, struct u8_buffer_own given);
struct u8_to_device_own_result f(const struct hf_device *of, struct hf_device *lasting, struct u8_buffer_own given)
{
	struct hf_device dev = *of;
	hf_let(u8_buffer, buf, given);

#ifdef MISUSE
	(void)lasting;
	return u8_map_to_device(hf_move(buf), &dev, NULL); /* E */
#else
	*lasting = dev;
	return u8_map_to_device(hf_move(buf), lasting, NULL);
#endif
}
