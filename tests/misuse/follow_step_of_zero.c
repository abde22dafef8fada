// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a loop over records that goes on by the length that a record gives, which may be 0
// rule: untrusted-number
// compilers: none
// checker: may give 0, and then the loop of line [0-9]+ makes no step and does not end
#include <holdfast/holdfast.h>

struct table {
	size_t at;
	u32 entries, unknown;
};

static struct u16_result record_size(struct u8_cslice bytes, size_t at)
{
	struct hf_reader r = hf_reader(hf_try_in(u16, hf_subslice(bytes, at, 4)));

	hf_try_errno_in(u16, hf_skip(&r, 2));
#ifdef MISUSE
	return hf_at_most(hf_try_in(u16, hf_read_le16(&r)), 512); /* E */
#else
	return hf_in_range(hf_try_in(u16, hf_read_le16(&r)), 4, 512);
#endif
}

static int table_record(struct table *t, struct u8_cslice bytes)
{
	const u16 size = hf_try(record_size(bytes, t->at));
	const u8 *kind = hf_try(hf_get(bytes, t->at));

	if (*kind == 7)
		t->entries++;
	else
		t->unknown++;
	t->at = hf_try(hf_add_size(t->at, size));
	return 0;
}

int table_parse(struct table *t, struct u8_cslice bytes);
int table_parse(struct table *t, struct u8_cslice bytes)
{
	t->at = 0;
	while (t->at < hf_len(bytes))
		hf_try_errno(table_record(t, bytes));
	return 0;
}
