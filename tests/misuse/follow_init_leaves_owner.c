// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an initialiser that fails behind a helper that filled a member
// rule: member-not-dropped
// compilers: none
// checker: the initialiser may fail when 'log' owns something already, which is lost
#include <holdfast/holdfast.h>

struct rx {
	struct u32_vec log;
	u32 entries;
};

void rx_free(struct rx *r);
HF_OWN_DEFINE(rx, struct rx, rx_free);

static int rx_log(struct rx *r, u32 entries)
{
	return hf_vec_resize(&r->log, entries, GFP_KERNEL);
}

static int rx_init(struct rx *r, u32 entries)
{
	hf_try_errno(rx_log(r, entries));
	if (entries > 512) {
#ifdef MISUSE
		return -ERANGE;
#else
		u32_vec_drop(&r->log);
		return -ERANGE;
#endif
	}
	r->entries = entries;
	return 0;
}

struct rx_own_result rx_new(u32 entries);
struct rx_own_result rx_new(u32 entries)
{
	return hf_new_with(rx, GFP_KERNEL, rx_init, entries); /* E */
}
