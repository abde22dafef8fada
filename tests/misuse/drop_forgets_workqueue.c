// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the workqueue in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/work.h>

struct driver {
	struct hf_workqueue_own queue;
	int state;
};

static void driver_free(struct driver *d)
{
#ifdef MISUSE
	hf_free(d); /* E */
#else
	hf_workqueue_own_drop(&d->queue);
	hf_free(d);
#endif
}

HF_OWN_DEFINE(driver, struct driver, driver_free);
