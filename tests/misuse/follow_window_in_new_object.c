// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object that is returned keeps what an access guard gave
// rule: guard-escapes
// compilers: none
// checker: keeps a pointer to what belongs to 'win'
#include <holdfast/mmio.h>
#include <holdfast/revocable.h>

HF_MMIO_DEFINE(dma_regs, 0x100);
HF_REG_WO(dma_regs, kick, 0x10, u32);

struct window {
	struct dma_regs regs;
	u32 channels;
};

void window_free(struct window *w);
HF_OWN_DEFINE(window, struct window, window_free);
HF_REVOCABLE_DEFINE(window_access, srcu, window_own);

struct chan {
	const struct dma_regs *regs;
	u32 nr;
};

void chan_free(struct chan *c);
HF_OWN_DEFINE(chan, struct chan, chan_free);

struct chan_own_result chan_open(const struct window_access *a, u32 nr);
struct chan_own_result chan_open(const struct window_access *a, u32 nr)
{
	hf_let(chan, c, hf_try_in(chan_own, hf_new(chan, GFP_KERNEL)));
	hf_access_else(win, a, return hf_err(chan_own, -ENODEV));

	if (nr >= win->channels)
		return hf_err(chan_own, -ERANGE);
	hf_mut(c)->nr = nr;
#ifdef MISUSE
	hf_mut(c)->regs = &win->regs; /* E */
#else
	dma_regs_write_kick(&win->regs, nr);
#endif
	return hf_ok(chan_own, hf_move(c));
}
