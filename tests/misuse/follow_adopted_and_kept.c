// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer that becomes an owner in a helper, and stays where both callers find it
// rule: owner-copied
// compilers: none
// checker: driver.priv' still has the pointer when the function ends
#include <holdfast/holdfast.h>

struct nic {
	u32 irqs;
};

void nic_free(struct nic *n);
HF_OWN_DEFINE(nic, struct nic, nic_free);

/* Somebody else's. */
struct slot {
	struct {
		void *priv;
	} driver;
};

static struct nic_own nic_of(struct slot *s)
{
	struct nic *n = s->driver.priv;

#ifdef MISUSE
	/* SAFETY: the probe put it there. */
	return hf_adopt_unchecked(nic, n); /* E */
#else
	s->driver.priv = NULL;
	/* SAFETY: the probe put it there, and it is there no more. */
	return hf_adopt_unchecked(nic, n);
#endif
}

u32 nic_stop(struct slot *s);
u32 nic_stop(struct slot *s)
{
	hf_let(nic, n, nic_of(s));

	return hf_is_empty(n) ? 0 : hf_ref(n)->irqs;
}

void nic_remove(struct slot *s);
void nic_remove(struct slot *s)
{
	hf_let(nic, n, nic_of(s));
}
