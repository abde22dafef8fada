// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the user's header checked in one copy, and the number of entries taken from another
// rule: device-memory
// compilers: none
// checker: takes the number out of a second copy
#include <holdfast/holdfast.h>

struct batch {
	struct hf_le32 n, flags;
};

HF_WIRE_TYPE(batch, struct batch, HF_WIRE(n) HF_WIRE(flags));

static int batch_check(struct hf_uaccess_reader r, u32 *n)
{
	const struct batch b = hf_try(hf_uaccess_read_as(batch, &r));

	*n = hf_try(hf_in_range(hf_from_le(b.n), 1, 64));
	return 0;
}

int batch_submit(const void __user *from, u32 *done);
int batch_submit(const void __user *from, u32 *done)
{
	struct hf_uaccess_reader r = hf_uaccess_reader(from, sizeof(struct batch));
	struct batch b;
	u32 n;

	hf_try_errno(batch_check(r, &n));
	b = hf_try(hf_uaccess_read_as(batch, &r));
	if (!hf_equals(hf_from_le(b.flags), 0))
		return -EINVAL;
#ifdef MISUSE
	*done += hf_accept_any(hf_from_le(b.n)); /* E */
#else
	*done += n;
#endif
	return 0;
}
