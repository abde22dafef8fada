// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a writable slice of the array in an object that is borrowed shared
// rule: const-written
// expect: hf_trailing: \\?'hf_p_->data\\?' is not an array for a u8_slice
// explained: slice-of-other-type
#include <holdfast/vec.h>

struct packet {
	int port;
	HF_TRAILING(u8, data);
};

size_t f(const struct packet *p);
size_t f(const struct packet *p)
{
#ifdef MISUSE
	return hf_len(hf_trailing(u8_slice, p, data)); /* E */
#else
	return hf_len(hf_trailing(u8_cslice, p, data));
#endif
}
