// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a length that fits into the packet, and not into the array that so many bytes are copied to
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 65535 here, and line [0-9]+ uses it as the length of a memcpy\(\): check it by hf_at_most\(..., 64\)
#include <holdfast/holdfast.h>

struct station {
	u8 name[64];
	u32 name_bytes;
};

int station_name(struct station *s, struct u8_cslice frame);
int station_name(struct station *s, struct u8_cslice frame)
{
	struct hf_reader r = hf_reader(frame);
#ifdef MISUSE
	const u16 bytes = hf_accept_any(hf_try(hf_read_le16(&r))); /* E */
#else
	const u16 bytes = hf_try(hf_at_most(hf_try(hf_read_le16(&r)), sizeof(s->name)));
#endif

	if (hf_remaining(&r) < bytes)
		return -EPROTO;
	const struct u8_cslice name = hf_try(hf_read_bytes(&r, bytes));

	/* SAFETY: the frame has so many bytes. */
	memcpy(s->name, hf_ptr_unchecked(name), hf_len(name));
	s->name_bytes = bytes;
	return 0;
}
