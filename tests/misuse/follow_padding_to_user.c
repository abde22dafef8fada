// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a local structure with padding at its end, filled by a helper and copied to the user
// rule: padding-to-user
// compilers: none
// checker: 's' has padding behind 'link', and the user gets what the stack had there
#include <holdfast/holdfast.h>

struct stats {
	u64 packets, bytes;
#ifdef MISUSE
	u16 link;
#else
	u64 link;
#endif
};

static void stats_get(struct stats *s, const u64 *count)
{
	s->packets = count[0];
	s->bytes = count[1];
	s->link = 1;
}

int stats_show(const u64 *count, struct hf_uaccess_writer *to);
int stats_show(const u64 *count, struct hf_uaccess_writer *to)
{
	struct stats s;
	const u8 *bytes = (const u8 *)&s;

	stats_get(&s, count);
	/* SAFETY: it has that many bytes. */
	return hf_uaccess_write(to, hf_slice_unchecked(u8_cslice, bytes, sizeof(s))); /* E */
}
