// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an errno that is returned as a positive number
// rule: result-misused
// compilers: none
// checker: this function returns EBUSY, a positive number, which its callers take for success: write -EBUSY
#include <holdfast/result.h>

struct engine {
	bool running, dead;
};

int engine_wake(struct engine *e) HF_MUST_USE;

int engine_start(struct engine *e);
int engine_start(struct engine *e)
{
	int err = 0;

	hf_try_errno(engine_wake(e));
	if (e->running)
#ifdef MISUSE
		err = e->dead ? -EIO : EBUSY; /* E */
#else
		err = e->dead ? -EIO : -EBUSY;
#endif
	return err;
}
