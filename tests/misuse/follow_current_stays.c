// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a lock guards keeps a pointer to what one of its owners drops
// rule: borrow-outlives-owner
// compilers: none
// checker: current' may point to what .*active' drops here
#include <holdfast/lock.h>
#include <holdfast/own.h>

struct xfer {
	u32 bytes;
	int status;
};

void xfer_free(struct xfer *x);
HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

struct bus_state {
	struct xfer_own active;
	struct xfer *current;
	u32 done;
};

HF_LOCKED_DEFINE(locked_bus, spinlock_irq, struct bus_state);

int bus_start(const struct locked_bus *bus, struct xfer_own given);
int bus_start(const struct locked_bus *bus, struct xfer_own given)
{
	hf_let(xfer, x, given);
	hf_lock(b, bus);

	if (!hf_is_empty(b->active))
		return -EBUSY;
	hf_set(b->active, hf_move(x));
	b->current = hf_mut(b->active);
	return 0;
}

void bus_reset(const struct locked_bus *bus);
void bus_reset(const struct locked_bus *bus)
{
	hf_lock(b, bus);

#ifdef MISUSE
	xfer_own_drop(&b->active); /* E */
#else
	b->current = NULL;
	xfer_own_drop(&b->active);
#endif
}

void bus_fault(const struct locked_bus *bus, int status);
void bus_fault(const struct locked_bus *bus, int status)
{
	hf_lock(b, bus);

	if (!b->current)
		return;
	b->current->status = status;
	b->done++;
}
