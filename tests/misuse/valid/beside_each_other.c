// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Functions that run beside each other, and are close to mistakes that only both together are. */
#include <holdfast/arc.h>
#include <holdfast/irq.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/thread.h>
#include <holdfast/token.h>
#include <holdfast/wait.h>
#include <holdfast/work.h>

struct fifo {
	u32 head, tail;
};

HF_LOCKED_DEFINE(locked_fifo, spinlock, struct fifo);
HF_LOCKED_DEFINE(locked_irqs, spinlock_irq, u32);
HF_LOCKED_DEFINE(locked_state, mutex, u32);
HF_CONDVAR_DEFINE(locked_state);

struct port {
	struct hf_refs refs;
	const struct port *parent;
	struct hf_work poll;
	struct locked_state state, config;
	struct locked_state_condvar changed;
	struct locked_irqs irqs;
	struct locked_fifo fifo;
	struct hf_workqueue_own wq;
};

static void port_destroy(struct port *p)
{
	hf_workqueue_own_drop(&p->wq);
	hf_lock_fini(&p->fifo);
	hf_lock_fini(&p->irqs);
	hf_cond_fini(&p->changed);
	hf_lock_fini(&p->config);
	hf_lock_fini(&p->state);
}

static void port_release(struct port *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(port, struct port, refs, port_destroy, port_release);
HF_WORK_DEFINE(port_poll, port_arc, struct port, poll, poll_port);
HF_IRQ_DEFINE(port_irq, port_arc, port_interrupt);

static void poll_port(struct port_arc given)
{
	hf_let_arc(port, p, given);
	hf_lock(s, &hf_ref(p)->state);

	++*s;
	hf_notify_all(&hf_ref(p)->changed);
}

static irqreturn_t port_interrupt(const struct port *p)
{
	hf_lock(n, &p->irqs);
	hf_lock(f, &p->fifo);

	f->tail++;
	return ++*n ? IRQ_HANDLED : IRQ_NONE;
}

/* The spinlock is taken while interrupts are off. */
void port_put(const struct port *p);
void port_put(const struct port *p)
{
	hf_lock(n, &p->irqs);
	hf_lock(f, &p->fifo);

	f->head++;
}

/* The lock of another port. */
void port_stop(const struct port *p);
void port_stop(const struct port *p)
{
	hf_lock(s, &p->parent->state);
	struct port_arc_result was = hf_work_cancel_wait(port_poll, p);

	if (hf_is_ok(was)) {
		hf_let_arc(port, queued, hf_expect(was, "it was asked"));

		--*s;
	}
}

/* The lock is given up for the wait. */
void port_suspend(const struct port *p);
void port_suspend(const struct port *p)
{
	hf_lock(s, &p->state);

	*s = 0;
	{
		hf_unlocked(s);
		struct port_arc_result was = hf_work_cancel_wait(port_poll, p);

		if (hf_is_ok(was)) {
			hf_let_arc(port, queued, hf_expect(was, "it was asked"));
		}
	}
}

/* Who cancels the item has a reference of its own, so the item puts none that is the last. */
void port_event(const struct port *p);
void port_event(const struct port *p)
{
	hf_work_queue(port_poll, hf_ref(p->wq), hf_arc_from(port, p));
}

/* One of those who notify takes the other lock, and one does not. */
void port_configure(const struct port *p);
void port_configure(const struct port *p)
{
	hf_lock(c, &p->config);

	++*c;
	hf_notify_all(&p->changed);
}

void port_wait(const struct port *p);
void port_wait(const struct port *p)
{
	hf_lock(c, &p->config);
	hf_lock(s, &p->state);

	while (!*s && *c)
		hf_wait(&p->changed, s);
}

static struct port_irq_own_result port_start(struct port_arc *of, struct hf_irq_line line)
{
	struct port *const p = hf_try_in(port_irq_own, hf_arc_unique(*of));

	hf_lock_init(&p->state);
	hf_lock_init(&p->config);
	hf_cond_init(&p->changed);
	hf_lock_init(&p->irqs);
	hf_lock_init(&p->fifo);
	hf_work_init(port_poll, p);
	return hf_irq_request(port_irq, line, "port", hf_clone(*of), GFP_KERNEL);
}

/* The second port is initialised when the first one's handler may run. */
int ports_start(struct port_irq_own to[2], struct hf_irq_line line);
int ports_start(struct port_irq_own to[2], struct hf_irq_line line)
{
	hf_let_arc(port, a, hf_try(hf_new_arc(port, GFP_KERNEL)));
	hf_let_arc(port, b, hf_try(hf_new_arc(port, GFP_KERNEL)));

	hf_try_errno(hf_set_ok(to[0], port_start(&a, line)));
	return hf_set_ok(to[1], port_start(&b, line));
}

/* --- a variable that others have a pointer to --- */

struct cmd {
	struct hf_link link;
	const struct hf_completion *done;
	u32 *to;
};

static void cmd_free(struct cmd *c)
{
	hf_link_fini(&c->link);
	hf_free(c);
}

HF_OWN_DEFINE(cmd, struct cmd, cmd_free);
HF_LIST_DEFINE(cmds, cmd_own, struct cmd, link);
HF_LOCKED_DEFINE(locked_cmds, spinlock_irq, struct cmds);
HF_THREAD_DEFINE(filler, cmd_own, fill);

static int fill(struct cmd *c)
{
	*c->to = 1;
	return 0;
}

int cmd_run(const struct locked_cmds *cmds);
int cmd_run(const struct locked_cmds *cmds)
{
	hf_let(cmd, c, hf_try(hf_new(cmd, GFP_KERNEL)));
	struct hf_completion done;
	int err;

	hf_completion_init(&done);
	hf_mut(c)->done = &done;
	{
		hf_lock(q, cmds);
		cmds_push_back(q, hf_move(c));
	}
	err = hf_completion_wait_timeout(&done, 500);
	if (err) {
		hf_lock(q, cmds);
		cmds_clear(q);
	}
	hf_completion_fini(&done);
	return err;
}

/* The thread ends before its result does. */
int fill_now(u32 *to);
int fill_now(u32 *to)
{
	hf_let(cmd, c, hf_try(hf_new(cmd, GFP_KERNEL)));
	u32 value = 0;

	hf_mut(c)->to = &value;
	hf_let(filler, f, hf_try(hf_thread_spawn(filler, "f", hf_move(c), GFP_KERNEL)));
	hf_try_errno(hf_thread_join(filler, hf_move(f)));
	*to = value;
	return 0;
}

/* --- tokens and errors --- */

HF_TOKEN_DEFINE(tag, u16);
void tag_put(u16 tag);

/* The value is given before the token is settled, not instead. */
void tag_end(struct tag_token given, bool now);
void tag_end(struct tag_token given, bool now)
{
	hf_owe(tag, t, given);

	if (now)
		tag_put(hf_settle(t));
	else {
		tag_put(hf_token_value(t));
		(void)hf_settle(t);
	}
}

int first(void);
int second(void);

int both(bool again);
int both(bool again)
{
	int err = first(), tries = 0;

	if (err == -ETIMEDOUT || err == ETIMEDOUT)
		err = second();
	while (err && again && tries++ < 3)
		err = second();
	return err < 0 ? err : 0;
}

/* One way unwraps the result, or the other does. */
int cmd_queue(struct cmds *now, struct cmds *later, bool is_late);
int cmd_queue(struct cmds *now, struct cmds *later, bool is_late)
{
	struct cmd_own_result r = hf_new(cmd, GFP_KERNEL);

	if (is_late) {
		hf_let(cmd, c, hf_try(r));

		cmds_push_back(later, hf_move(c));
		return 0;
	}
	hf_let(cmd, c, hf_try(r));

	cmds_push_back(now, hf_move(c));
	return 0;
}
