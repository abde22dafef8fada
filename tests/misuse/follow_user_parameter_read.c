// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to user memory cast and read by a callee
// rule: device-memory
// compilers: none
// checker: is in user memory, which only hf_uaccess_reader\(\)
#include <holdfast/holdfast.h>

struct limits {
	u32 low, high;
};

static u32 low_of(const struct limits *l)
{
	return l->low; /* E */
}

int limits_set(u32 *low, const void __user *from);
int limits_set(u32 *low, const void __user *from)
{
#ifdef MISUSE
	*low = low_of((const struct limits __force *)from);
#else
	struct hf_uaccess_reader r = hf_uaccess_reader(from, sizeof(struct limits));
	struct limits l = { .low = hf_accept_any(hf_try(hf_uaccess_read_u32(&r))) };

	*low = low_of(&l);
#endif
	return 0;
}
