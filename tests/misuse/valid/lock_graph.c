// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Several locks of a driver, in orders that cannot meet, and drops beside them.
#include <holdfast/arc.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/timer.h>

struct counts {
	u32 sent, failed;
};

HF_LOCKED_DEFINE(counts_locked, mutex, struct counts);
HF_LOCKED_DEFINE(counts_rw, rwsem, struct counts);
HF_LOCKED_DEFINE(limits_rw, rwsem, struct counts);
HF_LOCKED_DEFINE(gate, mutex, u32);

struct port {
	struct hf_refs refs;
	struct gate reset;
	struct counts_locked rx, tx;
	struct counts_rw all;
	struct limits_rw limits;
};

static int port_init(struct port *p, u32 max)
{
	hf_lock_init(&p->reset);
	hf_lock_init(&p->rx);
	hf_lock_init(&p->tx);
	hf_lock_init(&p->all);
	hf_lock_init(&p->limits);
	/* Nobody else has it: its locks have no order yet. */
	hf_lock(tx, &p->tx);
	hf_write_lock(l, &p->limits);

	tx->sent = 0;
	l->sent = max;
	return 0;
}

static void port_destroy(struct port *p)
{
	hf_lock_fini(&p->limits);
	hf_lock_fini(&p->all);
	hf_lock_fini(&p->tx);
	hf_lock_fini(&p->rx);
	hf_lock_fini(&p->reset);
}

static void port_release(struct port *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(port, struct port, refs, port_destroy, port_release);

struct port_arc_result port_new(u32 max);
struct port_arc_result port_new(u32 max)
{
	return hf_new_arc_with(port, GFP_KERNEL, port_init, max);
}

/* Both orders, but only one thread at a time is in either. */
void port_copy(const struct port *p);
void port_copy(const struct port *p)
{
	hf_lock(one, &p->reset);
	hf_lock(rx, &p->rx);
	hf_lock(tx, &p->tx);

	*one += 1;
	tx->failed = rx->failed;
}

void port_swap(const struct port *p);
void port_swap(const struct port *p)
{
	hf_lock(one, &p->reset);
	hf_lock(tx, &p->tx);
	hf_lock(rx, &p->rx);

	*one += 1;
	rx->sent = tx->sent;
}

/* Readers let each other in. */
u32 port_sum(const struct port *p);
u32 port_sum(const struct port *p)
{
	hf_read_lock(a, &p->all);
	hf_read_lock(l, &p->limits);

	return a->sent + l->sent;
}

u32 port_left(const struct port *p);
u32 port_left(const struct port *p)
{
	hf_read_lock(l, &p->limits);
	hf_read_lock(a, &p->all);

	return l->sent - a->sent;
}

/* The order is limits, tx; the other way it is only tried. */
int port_limit(const struct port *p);
int port_limit(const struct port *p)
{
	hf_write_lock(l, &p->limits);
	hf_lock(tx, &p->tx);

	l->sent = tx->sent;
	return 0;
}

int port_try(const struct port *p);
int port_try(const struct port *p)
{
	hf_lock(tx, &p->tx);
	hf_write_lock_else(l, &p->limits, HF_TRY, return -EBUSY);

	l->sent = tx->sent;
	return 0;
}

static u32 limit(const struct port *p)
{
	hf_read_lock(l, &p->limits);

	return l->sent;
}

/* The first lock is given up before the second one is taken. */
int port_send(const struct port *p, u32 n);
int port_send(const struct port *p, u32 n)
{
	u32 max;

	hf_lock(tx, &p->tx);
	{
		hf_unlocked(tx);
		max = limit(p);
	}
	if (n > max)
		return -EMSGSIZE;
	tx->sent += n;
	return 0;
}

struct beat {
	u32 missed;
};

static void beat_free(struct beat *b)
{
	hf_free(b);
}

HF_OWN_DEFINE(beat, struct beat, beat_free);
HF_TIMER_DEFINE(beats, timer, beat_own, beat_tick);

static struct hf_timer_next beat_tick(struct beat *b)
{
	return ++b->missed < 5 ? hf_timer_again_in(1000000000) : hf_timer_stop();
}

struct peer {
	struct hf_link link;
	struct beats_own timer;
};

static void peer_free(struct peer *p)
{
	beats_own_drop(&p->timer);
	hf_link_fini(&p->link);
	hf_free(p);
}

HF_OWN_DEFINE(peer, struct peer, peer_free);
HF_LIST_DEFINE(peers, peer_own, struct peer, link);
HF_LOCKED_DEFINE(peers_locked, spinlock, struct peers);
HF_LOCKED_DEFINE(peers_slow, mutex, struct peers);

/* A mutex may be held while the timers are waited for: they do not take it. */
void peers_end(const struct peers_locked *fast, const struct peers_slow *slow);
void peers_end(const struct peers_locked *fast, const struct peers_slow *slow)
{
	hf_let(peer, first, hf_empty(peer_own));

	{
		hf_lock(l, fast);

		if (!peers_empty(l))
			hf_set(first, hf_expect(peers_pop_front(l), "it is not empty"));
	}
	hf_lock(l, slow);
	peers_clear(l);
}

struct member;
static void member_destroy(struct member *m);

struct member {
	struct hf_refs refs;
	struct hf_link link;
	u32 id;
};

static void member_release(struct member *m)
{
	hf_free(m);
}

HF_ARC_DEFINE(member, struct member, refs, member_destroy, member_release);
HF_LIST_DEFINE(members, member_arc, struct member, link);

struct club {
	struct members all;
	u32 left;
};

HF_LOCKED_DEFINE(club_locked, mutex, struct club);

static struct club_locked club;

static void member_destroy(struct member *m)
{
	hf_link_fini(&m->link);
	hf_lock(c, &club);
	c->left++;
}

/* The list has another reference while this one is put. */
int club_first(void);
int club_first(void)
{
	hf_lock(c, &club);
	const struct member *const m = hf_try(members_front(&c->all));
	hf_let_arc(member, first, hf_arc_from(member, m));

	return (int)hf_ref(first)->id;
}
