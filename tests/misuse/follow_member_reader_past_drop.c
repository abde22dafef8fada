// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reader in a member, over a vector that another function has dropped
// rule: borrow-outlives-owner
// compilers: none
// checker: 'p->at' was borrowed earlier, from 'p->message', which was dropped in line
#include <holdfast/cursor.h>
#include <holdfast/vec.h>

struct parser {
	struct u8_vec message;
	struct hf_reader at;
};

int parser_load(struct parser *p, struct u8_cslice bytes);
int parser_load(struct parser *p, struct u8_cslice bytes)
{
	hf_try_errno(hf_vec_extend(&p->message, bytes, GFP_KERNEL));
	p->at = hf_reader(hf_const(hf_vec_slice(&p->message)));
	return 0;
}

static void parser_reset(struct parser *p)
{
#ifdef MISUSE
	u8_vec_drop(&p->message);
#else
	p->at = (struct hf_reader){ 0 };
	u8_vec_drop(&p->message);
#endif
}

int parser_resync(struct parser *p);
int parser_resync(struct parser *p)
{
	parser_reset(p);
	return hf_accept_any(hf_try(hf_read_u8(&p->at))); /* E */
}
