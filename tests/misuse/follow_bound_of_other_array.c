// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number checked by a helper against one more than the array has
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 32 here, and line [0-9]+ uses it as an index of '.*busy', which has 32 elements
#include <holdfast/holdfast.h>

enum { N_TAGS = 32 };

struct sdev {
	bool busy[N_TAGS];
	u32 completed;
};

static int tag_of(struct hf_untrusted_u32 word, u8 shift, u32 *tag)
{
#ifdef MISUSE
	*tag = hf_try(hf_in_range(hf_bits(word, shift, 8), 0, N_TAGS)); /* E */
#else
	*tag = hf_try(hf_in_range(hf_bits(word, shift, 8), 0, N_TAGS - 1));
#endif
	return 0;
}

int sdev_completed(struct sdev *s, struct hf_untrusted_u32 fis);
int sdev_completed(struct sdev *s, struct hf_untrusted_u32 fis)
{
	bool *busy;
	u32 tag;

	hf_try_errno(tag_of(fis, 8, &tag));
	busy = s->busy + tag;
	if (!*busy)
		return -EIO;
	*busy = false;
	s->completed++;
	return 0;
}
