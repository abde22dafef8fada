// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a token in a table is assigned
// rule: token-twice
// compilers: any
// expect-gcc: assignment of read-only (?:variable|member|location)
// expect-clang: const-qualified data member 'moves_only_'
// explained: const-written
// explained: owner-overwritten
#include <holdfast/token.h>

HF_TOKEN_DEFINE(cid, u16);

struct table {
	struct cid_token slots[4];
};

void relocate(struct table *t);
void relocate(struct table *t)
{
#ifdef MISUSE
	t->slots[1] = t->slots[0]; /* E */
#else
	hf_token_set(t->slots[1], hf_token_take(t->slots[0]));
#endif
}
