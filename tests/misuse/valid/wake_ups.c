// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Waits, completions and poll(), each close to one that misses its wake-up; and ends close to wrong ones.
#include <holdfast/arc.h>
#include <holdfast/file.h>
#include <holdfast/foreign.h>
#include <holdfast/lock.h>
#include <holdfast/mmio.h>
#include <holdfast/token.h>
#include <holdfast/wait.h>

struct ring {
	u32 free;
	bool gone;
};

HF_LOCKED_DEFINE(locked_ring, mutex, struct ring);
HF_CONDVAR_DEFINE(locked_ring);
HF_MMIO_DEFINE(regs, 0x20);
HF_REG_WO(regs, command, 0x00, u32);
HF_REG_RO(regs, status, 0x04, u32);

struct dev {
	struct regs regs;
	struct locked_ring ring;
	struct locked_ring_condvar room;
	struct hf_completion done, frame;
};

/* One turn: the caller has the loop. */
static void wait_once(const struct dev *d, struct locked_ring_guard lent)
{
	hf_use_guard(r, lent);
	if (!r->free)
		hf_wait(&d->room, r);
}

int dev_take(const struct dev *d);
int dev_take(const struct dev *d)
{
	hf_lock(r, &d->ring);
	while (!r->free) {
		if (r->gone)
			return -ENODEV;
		wait_once(d, hf_lend_guard(r));
	}
	r->free--;
	return 0;
}

/* It waits once, and looks again. */
int dev_take_soon(const struct dev *d);
int dev_take_soon(const struct dev *d)
{
	hf_lock(r, &d->ring);
	if (!r->free)
		hf_try_errno(hf_wait_timeout(&d->room, r, 10));
	if (!r->free)
		return -EAGAIN;
	r->free--;
	return 0;
}

bool dev_has_room(const struct dev *d);
bool dev_has_room(const struct dev *d)
{
	hf_lock(r, &d->ring);
	if (!r->free && !r->gone)
		hf_wait(&d->room, r);
	return r->free && !r->gone;
}

int dev_run(const struct dev *d, u32 command);
int dev_run(const struct dev *d, u32 command)
{
	regs_write_command(&d->regs, 0);
	hf_completion_reinit(&d->done);
	regs_write_command(&d->regs, command);
	return hf_completion_wait_timeout(&d->done, 500);
}

/* The next frame, whoever has begun it. */
int dev_next_frame(const struct dev *d);
int dev_next_frame(const struct dev *d)
{
	hf_completion_reinit(&d->frame);
	return hf_completion_wait_timeout(&d->frame, 100);
}

__poll_t dev_poll(const struct dev *d, struct hf_poll *poll);
__poll_t dev_poll(const struct dev *d, struct hf_poll *poll)
{
	__poll_t mask = hf_mask(regs_read_status(&d->regs), 1) ? EPOLLERR : 0;

	hf_poll_wait(poll, &d->room);
	hf_lock(r, &d->ring);
	if (r->free)
		mask |= EPOLLOUT;
	return mask;
}

struct event {
	u32 seen;
};

HF_LOCKED_DEFINE(locked_event, mutex, struct event);

struct unit {
	struct hf_refs refs;
	bool has_events;
	struct locked_ring ring;
	struct locked_event events;
};

/* Whoever uses the events asks whether there are some. */
static int unit_init(struct unit *u, bool has_events)
{
	hf_lock_init(&u->ring);
	if (!has_events)
		return 0;
	u->has_events = true;
	hf_lock_init(&u->events);
	return 0;
}

static void unit_destroy(struct unit *u)
{
	if (u->has_events)
		hf_lock_fini(&u->events);
	hf_lock_fini(&u->ring);
}

static void unit_release(struct unit *u)
{
	hf_free(u);
}

HF_ARC_DEFINE(unit, struct unit, refs, unit_destroy, unit_release);

void unit_event(const struct unit *u);
void unit_event(const struct unit *u)
{
	if (!u->has_events)
		return;
	hf_lock(e, &u->events);
	e->seen++;
}

struct client {
	void *data;
};

HF_FOREIGN_DEFINE(unit_of, unit_arc, struct client, data);

int client_probe(struct client *c);
int client_probe(struct client *c)
{
	hf_let_arc(unit, u, hf_try(hf_new_arc_with(unit, GFP_KERNEL, unit_init, true)));

	hf_foreign_store(unit_of, c, hf_move(u));
	return 0;
}

void client_remove(struct client *c);
void client_remove(struct client *c)
{
	hf_let_arc(unit, u, hf_expect(hf_foreign_take(unit_of, c), "client_probe() stored it"));
	unit_event(hf_ref(u));
}

/* A child holds its parent, and the parent knows it by a weak reference. */
struct child {
	struct hf_refs refs;
	struct unit_arc parent;
	struct client client;
};

static void child_destroy(struct child *c)
{
	unit_arc_drop(&c->parent);
}

static void child_release(struct child *c)
{
	hf_free(c);
}

HF_ARC_DEFINE(child, struct child, refs, child_destroy, child_release);

struct children {
	struct child_weak last;
	struct unit_arc unit;
};

int child_add(struct children *to);
int child_add(struct children *to)
{
	hf_let_arc(child, c, hf_try(hf_new_arc(child, GFP_KERNEL)));
	struct child *const fresh = hf_try(hf_arc_unique(c));

	hf_set(fresh->parent, hf_clone(to->unit));
	hf_set(to->last, hf_downgrade(child, c));
	return 0;
}
