// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock that an interrupt handler takes, of a kind that leaves interrupts on
// rule: lock-kind
// compilers: none
// checker: 'p.fifo' is locked with interrupts on, and 'port_interrupt', which may interrupt this, waits for it
#include <holdfast/arc.h>
#include <holdfast/irq.h>
#include <holdfast/lock.h>
#ifdef MISUSE
#define KIND raw_spinlock
#else
#define KIND raw_spinlock_irq
#endif

struct fifo {
	u32 head, tail;
};

HF_LOCKED_DEFINE(locked_fifo, KIND, struct fifo);

struct port {
	struct hf_refs refs;
	struct locked_fifo fifo;
};

static void port_destroy(struct port *p)
{
	hf_lock_fini(&p->fifo);
}

static void port_release(struct port *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(port, struct port, refs, port_destroy, port_release);
HF_IRQ_DEFINE(port_irq, port_arc, port_interrupt);

static bool drain(const struct port *p)
{
	hf_lock(f, &p->fifo);

	return f->head != f->tail && ++f->tail;
}

static irqreturn_t port_interrupt(const struct port *p)
{
	return drain(p) ? IRQ_HANDLED : IRQ_NONE;
}

static void put(const struct port *p)
{
	hf_lock(f, &p->fifo); /* E */

	f->head++;
}

void port_write(const struct port *p, u32 n);
void port_write(const struct port *p, u32 n)
{
	for (u32 i = 0; i < n; i++)
		put(p);
}
