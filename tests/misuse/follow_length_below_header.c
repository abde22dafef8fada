// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the header taken off a length that may be shorter than it
// rule: arithmetic-overflow
// compilers: none
// checker: 'd->len -= TLV_HEADER' wraps, as the number from outside may be 0: .* large enough
#include <holdfast/holdfast.h>

#define TLV_HEADER 4U

struct tlv {
	u32 len;
	u16 type;
};

static void tlv_strip(struct tlv *d)
{
	d->len -= TLV_HEADER; /* E */
}

int tlv_next(struct tlv *d, struct hf_reader *r);
int tlv_next(struct tlv *d, struct hf_reader *r)
{
	d->type = hf_accept_any(hf_try(hf_read_be16(r)));
#ifdef MISUSE
	d->len = hf_try(hf_at_most(hf_try(hf_read_be32(r)), 1024));
#else
	d->len = hf_try(hf_in_range(hf_try(hf_read_be32(r)), TLV_HEADER, 1024));
#endif
	tlv_strip(d);
	return hf_skip(r, d->len);
}
