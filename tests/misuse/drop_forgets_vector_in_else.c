// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that drops a vector in one branch of two
// rule: member-not-dropped
// compilers: none
// query: is freed, but on one way not what its member 'log'
#include <holdfast/holdfast.h>

struct dev {
	struct u32_vec log;
	bool quiet;
};

void dev_free(struct dev *d);
HF_OWN_DEFINE(dev, struct dev, dev_free);

void print_log(struct u32_cslice log);

void dev_free(struct dev *d)
{
#ifdef MISUSE
	if (!d->quiet) {
		print_log(hf_const(hf_vec_slice(&d->log)));
		u32_vec_drop(&d->log);
	}
	hf_free(d); /* E */
#else
	if (!d->quiet)
		print_log(hf_const(hf_vec_slice(&d->log)));
	u32_vec_drop(&d->log);
	hf_free(d);
#endif
}
