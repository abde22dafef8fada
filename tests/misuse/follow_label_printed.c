// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a label that the user gave, printed as a string
// rule: length-unknown
// compilers: none
// checker: 's.label' was filled by others, and need not end in a zero, which 'snprintf' looks for
#include <holdfast/holdfast.h>
#include <stdio.h>

struct setup {
	char label[12];
	struct hf_le32 flags;
};

HF_WIRE_TYPE(setup, struct setup, HF_WIRE(label) HF_WIRE(flags));

int label_show(struct hf_uaccess_reader *r, char *line, size_t size);
int label_show(struct hf_uaccess_reader *r, char *line, size_t size)
{
	struct setup s = hf_try(hf_uaccess_read_as(setup, r));

	if (!hf_equals(hf_from_le(s.flags), 0))
		return -EINVAL;
#ifdef MISUSE
	s.flags = hf_le32(1);
#else
	s.label[sizeof(s.label) - 1] = '\0';
#endif
	return snprintf(line, size, "%-8zu %s", sizeof(s.label), s.label); /* E */
}
