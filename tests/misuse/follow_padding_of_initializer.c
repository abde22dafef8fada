// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a structure whose members are all given by its initializer, and whose padding is not, written to the user
// rule: padding-to-user
// compilers: none
// checker: 'i' has padding behind 'port'
#include <holdfast/holdfast.h>

struct link_info {
	u8 port;
	u32 speed;
};

static int put(struct hf_uaccess_writer *to, const void *p, size_t n)
{
	/* SAFETY: the caller says so. */
	return hf_uaccess_write(to, hf_slice_unchecked(u8_cslice, p, n)); /* E */
}

int link_info(u8 port, u32 speed, struct hf_uaccess_writer *to);
int link_info(u8 port, u32 speed, struct hf_uaccess_writer *to)
{
#ifdef MISUSE
	struct link_info i = { .port = port, .speed = speed };
#else
	struct link_info i;

	memset(&i, 0, sizeof(i));
	i.port = port;
	i.speed = speed;
#endif
	hf_try_errno(put(to, &speed, sizeof(speed)));
	return put(to, &i, sizeof(i));
}
