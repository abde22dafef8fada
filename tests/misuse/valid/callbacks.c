// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Interrupt handlers, threads and timers: begun, kept in an object, taken out of it, ended.
#include <holdfast/holdfast.h>

struct stats {
	int irqs;
	bool pending;
};

HF_LOCKED_DEFINE(locked_stats, spinlock_irq, struct stats);
HF_LOCKED_DEFINE(locked_log, mutex, struct stats);

struct dev {
	struct hf_refs refs;
	struct locked_stats stats;
	struct locked_log log;
	struct hf_completion done;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

struct port {
	struct locked_stats stats;
};

void port_free(struct port *p);
HF_OWN_DEFINE(port, struct port, port_free);

/* A function that handlers call: its callers are such functions, or hold a guard that spins. */
static void count_irq(const struct locked_stats *l HF_NOESCAPE) HF_ATOMIC
{
	hf_lock(s, l);

	s->irqs++;
}

HF_IRQ_DEFINE(port_irq, port_own, port_interrupt);
HF_THREADED_IRQ_DEFINE(dev_irq, dev_arc, dev_interrupt, dev_irq_thread);

static irqreturn_t port_interrupt(const struct port *p HF_NOESCAPE)
{
	count_irq(&p->stats);
	return IRQ_HANDLED;
}

/* What does not sleep may be called, allocations included. */
static irqreturn_t dev_interrupt(const struct dev *d HF_NOESCAPE)
{
	hf_let_vec(u8, copy);

	if (hf_vec_push(&copy, 1, GFP_ATOMIC))
		return IRQ_NONE;
	count_irq(&d->stats);
	{
		hf_lock_else(log, &d->log, HF_TRY, return IRQ_WAKE_THREAD);

		log->irqs++;
	}
	hf_complete(&d->done);
	return IRQ_HANDLED;
}

static irqreturn_t dev_irq_thread(const struct dev *d HF_NOESCAPE)
{
	hf_lock(log, &d->log);
	hf_let_vec(u8, copy);

	if (hf_vec_push(&copy, 1, GFP_KERNEL))
		return IRQ_NONE;
	log->pending = false;
	return IRQ_HANDLED;
}

/* A handler called by hand, as interrupts are held off. */
static irqreturn_t polled(const struct port *p, const struct locked_stats *l)
{
	hf_lock(s, l);

	s->pending = true;
	return port_interrupt(p);
}

struct driver {
	struct dev_arc dev;
	struct dev_irq_own irq;
	struct port_irq_own ports[2];
};

static void driver_free(struct driver *drv)
{
	dev_irq_own_drop(&drv->irq);
	for (int i = 0; i < 2; i++)
		port_irq_own_drop(&drv->ports[i]);
	dev_arc_drop(&drv->dev);
	hf_free(drv);
}

HF_OWN_DEFINE(driver, struct driver, driver_free);

struct port_own_result make_port(int i);

static struct driver_own_result probe(struct hf_irq_line line, const struct dev_arc *dev)
{
	hf_let(driver, drv, hf_try_in(driver_own, hf_new(driver, GFP_KERNEL)));

	hf_set(hf_mut(drv)->dev, hf_clone(*dev));
	hf_try_errno_in(driver_own, hf_set_ok(hf_mut(drv)->irq, hf_irq_request(dev_irq, line, "dev", hf_clone(*dev), GFP_KERNEL)));
	for (int i = 0; i < 2; i++) {
		hf_let(port, p, hf_try_in(driver_own, make_port(i)));

		hf_try_errno_in(driver_own, hf_set_ok(hf_mut(drv)->ports[i],
						      hf_irq_request(port_irq, line, "port", hf_move(p), GFP_KERNEL)));
	}
	return hf_ok(driver_own, hf_move(drv));
}

static void suspend(struct driver *drv)
{
	hf_let(dev_irq, irq, hf_take(drv->irq));

	if (!hf_is_empty(irq))
		hf_drop(dev_irq, irq);
}

/* Taken out under a lock, ended outside. */
struct shared {
	struct dev_irq_own irq;
};

HF_LOCKED_DEFINE(locked_shared, spinlock, struct shared);

static struct dev_irq_own take_irq(struct locked_shared *l)
{
	hf_lock(s, l);

	return hf_take(s->irq);
}

/* --- threads ------------------------------------------------------------------------------------- */

HF_CONDVAR_DEFINE(locked_queue);

struct queue {
	struct locked_queue_condvar changed;
	int jobs;
};

HF_LOCKED_DEFINE(locked_queue, mutex, struct queue);

struct server {
	struct hf_refs refs;
	struct locked_queue queue;
	struct locked_stats stats;
};

void server_destroy(struct server *s);
void server_release(struct server *s);
HF_ARC_DEFINE(server, struct server, refs, server_destroy, server_release);

struct sum {
	int n;
};

void sum_free(struct sum *s);
HF_OWN_DEFINE(sum, struct sum, sum_free);

HF_THREAD_DEFINE(server_thread, server_arc, serve);
HF_THREAD_DEFINE(summer, sum_own, add_up);

static int serve(const struct server *srv HF_NOESCAPE)
{
	hf_lock(q, &srv->queue);

	while (!hf_thread_should_stop()) {
		if (!q->jobs) {
			hf_wait(&q->changed, q);
			continue;
		}
		q->jobs--;
		hf_unlocked(q);
		hf_lock(s, &srv->stats);
		s->irqs++;
	}
	return 0;
}

static int add_up(struct sum *s HF_NOESCAPE)
{
	for (int i = 0; i < 10 && !hf_thread_should_stop(); i++)
		s->n += i;
	return s->n;
}

static int sum_of_ten(void)
{
	hf_let(sum, s, hf_try(hf_new(sum, GFP_KERNEL)));
	hf_let(summer, t, hf_try(hf_thread_spawn(summer, "sum", hf_move(s), GFP_KERNEL)));

	return hf_thread_join(summer, hf_move(t));
}

/* Several threads in a vector of owners. */
HF_SLICE_DEFINE(server_threads, struct server_thread_own);
HF_OWNING_VEC_DEFINE(server_threads, server_thread_own_drop);

static int serve_by(const struct server_arc *srv, unsigned int n)
{
	hf_let_vec(server_threads, threads);

	for (unsigned int i = 0; i < n; i++) {
		hf_let(server_thread, t, hf_try(hf_thread_spawn(server_thread, "serve", hf_clone(*srv), GFP_KERNEL)));

		hf_try_errno(hf_vec_push_own(server_threads, &threads, hf_move(t), GFP_KERNEL));
	}
	return (int)hf_len(threads);
}

int threads(const struct server_arc *srv);
int threads(const struct server_arc *srv)
{
	return serve_by(srv, 3) + sum_of_ten();
}

/* --- timers -------------------------------------------------------------------------------------- */

HF_TIMER_DEFINE(poll_timer, hrtimer, server_arc, poll_server);
HF_TIMER_DEFINE(slow_timer, timer, sum_own, add_slowly);

static struct hf_timer_next poll_server(const struct server *srv HF_NOESCAPE)
{
	count_irq(&srv->stats);
	hf_lock_else(q, &srv->queue, HF_TRY, return hf_timer_again_in(1000));

	q->jobs++;
	hf_notify_one(&q->changed);
	return hf_timer_stop();
}

static struct hf_timer_next add_slowly(struct sum *s HF_NOESCAPE)
{
	return ++s->n < 10 ? hf_timer_again_in(1000000) : hf_timer_stop();
}

/* An interrupt arms a timer, and a guard that spins is no hindrance. */
struct watched {
	struct poll_timer_own watchdog;
	struct locked_stats stats;
};

void watched_free(struct watched *w);
HF_OWN_DEFINE(watched, struct watched, watched_free);
HF_IRQ_DEFINE(watched_irq, watched_own, watched_interrupt);

static irqreturn_t watched_interrupt(const struct watched *w HF_NOESCAPE)
{
	hf_lock(s, &w->stats);

	s->irqs++;
	hf_timer_start(hf_ref(w->watchdog), 5000000);
	return IRQ_HANDLED;
}

int timers(const struct server_arc *srv);
int timers(const struct server_arc *srv)
{
	hf_let(poll_timer, poll, hf_try(hf_timer_new(poll_timer, hf_clone(*srv), GFP_KERNEL)));
	hf_let(sum, s, hf_try(hf_new(sum, GFP_KERNEL)));
	hf_let(slow_timer, slow, hf_try(hf_timer_new(slow_timer, hf_move(s), GFP_KERNEL)));

	hf_timer_start(hf_ref(poll), 1000);
	hf_timer_start(hf_ref(slow), 1000);
	hf_timer_cancel(hf_ref(poll));
	hf_drop(poll_timer, poll);
	return hf_timer_cancel(hf_ref(slow)) ? 0 : -EIO;
}

/* --- use ----------------------------------------------------------------------------------------- */

int use(struct hf_irq_line line, const struct dev_arc *dev, const struct port *p, const struct locked_stats *stats,
	struct locked_shared *shared);
int use(struct hf_irq_line line, const struct dev_arc *dev, const struct port *p, const struct locked_stats *stats,
	struct locked_shared *shared)
{
	hf_let(driver, drv, hf_try(probe(line, dev)));
	hf_let(dev_irq, taken, take_irq(shared));

	if (polled(p, stats) != IRQ_HANDLED)
		return -EIO;
	suspend(hf_mut(drv));
	return 0;
}
