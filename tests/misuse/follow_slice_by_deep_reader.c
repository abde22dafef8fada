// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: slices that several functions read out of a local vector stay in the structure of the caller
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'raw', whose scope has ended
#include <holdfast/cursor.h>
#include <holdfast/vec.h>

struct record {
	struct u8_cslice name;
};

int record_receive(struct u8_vec *into);

static struct u8_cslice_result field(struct hf_reader *r)
{
	const u8 len = hf_try_in(u8_cslice, hf_at_most(hf_try_in(u8_cslice, hf_read_u8(r)), 64));

	return hf_read_bytes(r, len);
}

static int record_fields(struct record *rec, struct hf_reader *r)
{
	rec->name = hf_try(field(r));
	return 0;
}

static int record_parse(struct record *rec, const struct u8_vec *raw)
{
	struct hf_reader r = hf_reader(hf_vec_slice(raw));

	return record_fields(rec, &r);
}

static int record_fetch(struct record *rec, struct u8_vec *keep)
{
#ifdef MISUSE
	hf_let_vec(u8, raw);

	(void)keep;
	hf_try_errno(record_receive(&raw));
	return record_parse(rec, &raw);
#else
	hf_try_errno(record_receive(keep));
	return record_parse(rec, keep);
#endif
}

int record_first(u32 *first);
int record_first(u32 *first)
{
	hf_let_vec(u8, keep);
	struct record rec = { 0 };

	hf_try_errno(record_fetch(&rec, &keep));
	*first = hf_len(rec.name) ? hf_at(rec.name, 0) : 0; /* E */
	return 0;
}
