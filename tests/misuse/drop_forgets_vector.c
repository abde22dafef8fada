// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that forgets a vector
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct log {
	struct u32_vec entries;
	struct buf_own buf;
};

void log_free(struct log *l);
HF_OWN_DEFINE(log, struct log, log_free);

void log_free(struct log *l)
{
	hf_let(buf, b, hf_take(l->buf));

#ifdef MISUSE
	hf_free(l); /* E */
#else
	u32_vec_drop(&l->entries);
	hf_free(l);
#endif
}
