// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: data accessed under the lock of the other direction
// rule: wrong-lock
// compilers: none
// checker: 'rx_ring' is bound to the lock 'rx' by hf_locked_by_init\(\), and this gives 'tx': lock 'rx'
#include <holdfast/holdfast.h>

struct link_state {
	bool up;
};

HF_LOCKED_DEFINE(link_locked, spinlock, struct link_state);

struct ring_state {
	u32 head, tail;
};

HF_LOCKED_BY_DEFINE(ring_by, link_locked, struct ring_state);

struct port {
	struct link_locked rx, tx;
	struct ring_by rx_ring, tx_ring;
};


void port_init(struct port *p);
void port_init(struct port *p)
{
	hf_lock_init(&p->rx);
	hf_lock_init(&p->tx);
	hf_locked_by_init(&p->rx_ring, &p->rx);
	hf_locked_by_init(&p->tx_ring, &p->tx);
}

u32 port_pending(struct port *p);
u32 port_pending(struct port *p)
{
	hf_lock(t, &p->tx);
#ifdef MISUSE
	struct ring_state *const r = hf_access(&p->rx_ring, &p->tx); /* E */
#else
	struct ring_state *const r = hf_access(&p->tx_ring, &p->tx);
#endif

	return t->up ? r->head - r->tail : 0;
}
