// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: a lock beside its data taken for reading by who reads already
// report: WARNING: possible recursive locking detected
// refused: tests/misuse/member_read_twice.c
#include <linux/rwsem.h>

#include "wrong.h"

struct port {
	struct rw_semaphore lock;
	int pending;
};

static int port_pending(struct port *p)
{
	int pending;

	down_read(&p->lock);
	pending = p->pending;
	up_read(&p->lock);
	return pending;
}

static int wrong(void)
{
	static struct port port;
	struct port *p = &port;
	int pending;

	init_rwsem(&p->lock);
	down_read(&p->lock);
	/* The bug: a writer that waits between both makes this a deadlock. */
	pending = port_pending(p);
	up_read(&p->lock);
	return pending;
}
