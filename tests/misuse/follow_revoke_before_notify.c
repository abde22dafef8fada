// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a revocation waits for who sleeps until the device tells that it is gone
// rule: lock-order
// compilers: none
// checker: under one of which 'port_read' sleeps until '.*ready' is notified
#include <holdfast/own.h>
#include <holdfast/revocable.h>
#include <holdfast/wait.h>

struct regs {
	u32 data;
};

void regs_free(struct regs *r);
HF_OWN_DEFINE(regs, struct regs, regs_free);
HF_REVOCABLE_DEFINE(regs_access, srcu, regs_own);

struct fifo {
	u32 filled;
	bool dead;
};

HF_LOCKED_DEFINE(fifo_locked, spinlock_irq, struct fifo);
HF_CONDVAR_DEFINE(fifo_locked);

struct port {
	struct regs_access regs;
	struct fifo_locked fifo;
	struct fifo_locked_condvar ready;
};

int port_read(const struct port *p, u32 *to);
int port_read(const struct port *p, u32 *to)
{
	hf_access_else(r, &p->regs, return -ENODEV);
	hf_lock(f, &p->fifo);
	while (!f->filled && !f->dead)
		hf_wait(&p->ready, f);
	if (f->dead)
		return -ENODEV;
	f->filled--;
	*to = r->data;
	return 0;
}

static void port_die(const struct port *p)
{
	hf_lock(f, &p->fifo);

	f->dead = true;
	hf_notify_all(&p->ready);
}

void port_remove(const struct port *p);
void port_remove(const struct port *p)
{
#ifdef MISUSE
	regs_access_revoke(&p->regs); /* E */
	port_die(p);
#else
	port_die(p);
	regs_access_revoke(&p->regs);
#endif
}
