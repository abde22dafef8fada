// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an index that a device chose, given to hf_at(), which stops the machine if it is outside
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 255 here, .* promised to be inside
#include <holdfast/holdfast.h>

struct pad {
	struct u32_slice keys;
	u32 presses;
};

static u8 key_of(const u8 *report)
{
	return hf_accept_any(hf_untrusted_u8(report[2]));
}

static struct u8_result key_in(struct hf_untrusted_u8 code, const struct pad *p)
{
	return hf_below(code, hf_len(p->keys));
}

int pad_report(struct pad *p, struct hf_reader *r);
int pad_report(struct pad *p, struct hf_reader *r)
{
	const struct hf_untrusted_u8 code = hf_try(hf_read_u8(r));
	u32 *count;

#ifdef MISUSE
	count = &hf_at(p->keys, hf_accept_any(code)); /* E */
#else
	count = &hf_at(p->keys, hf_try(key_in(code, p)));
#endif
	++*count;
	p->presses++;
	return 0;
}

u8 pad_first(const u8 *report);
u8 pad_first(const u8 *report)
{
	return key_of(report);
}
