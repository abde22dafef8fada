// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a completion that is made new after a helper started what completes it
// rule: wake-up-missed
// compilers: none
// checker: 'd.done' may be complete already by what was started in line 25, and then this wait never ends
#include <holdfast/mmio.h>
#include <holdfast/wait.h>

HF_MMIO_DEFINE(regs, 0x20);
HF_REG_WO(regs, command, 0x00, u32);

struct dev {
	struct regs regs;
	struct hf_completion done;
};

void dev_interrupt(const struct dev *d);
void dev_interrupt(const struct dev *d)
{
	hf_complete(&d->done);
}

static void start(const struct dev *d, u32 command)
{
	regs_write_command(&d->regs, command);
}

int dev_run(const struct dev *d, u32 command);
int dev_run(const struct dev *d, u32 command)
{
#ifdef MISUSE
	start(d, command);
	hf_completion_reinit(&d->done); /* E */
#else
	hf_completion_reinit(&d->done);
	start(d, command);
#endif
	return hf_completion_wait_timeout(&d->done, 500);
}
