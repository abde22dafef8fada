// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Locks that were in their structures before, beside what they guard.
#include <holdfast/own.h>
#include <holdfast/result.h>
#include <holdfast/wait.h>

struct packet {
	int n;
};

void packet_free(struct packet *p);
HF_OWN_DEFINE(packet, struct packet, packet_free);

struct stats {
	int hits;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

struct port {
	u8 id[3];
	hf_sys_spinlock_irq_lock lock;
	HF_LOCK_IS(lock, spinlock_irq);
	bool ready HF_GUARDED_BY(lock);
	u8 last HF_GUARDED_BY(lock);
	int ring[8] HF_GUARDED_BY(lock);
	struct stats rx HF_GUARDED_BY(lock), tx HF_GUARDED_BY(lock);
	struct packet_own sent HF_GUARDED_BY(lock);
	hf_sys_rwlock_lock config;
	HF_LOCK_IS(config, rwlock);
	int speed HF_GUARDED_BY(config);
	int mtu;
};

struct board {
	struct port ports[2];
	hf_sys_mutex_lock open;
	HF_LOCK_IS(open, mutex);
	int users HF_GUARDED_BY(open);
	struct locked_stats stats;
};

void sleeps(void) HF_SLEEPS;
void report(const struct stats *s);

static int pop(struct port *p) HF_REQUIRES(hf_lock_of(p, lock));
static int pop(struct port *p)
{
	if (!p->last)
		return -ENODATA;
	p->rx.hits++;
	return p->ring[--p->last];
}

static int speed(const struct port *p) HF_REQUIRES_SHARED(hf_lock_of(p, config));
static int speed(const struct port *p)
{
	return p->speed;
}

static void flush(struct port *p) HF_EXCLUDES(hf_lock_of(p, lock));
static void flush(struct port *p)
{
	hf_lock(g, hf_lock_of(p, lock));
	while (pop(p) >= 0)
		;
}

int drain(struct port *p, int max);
int drain(struct port *p, int max)
{
	int n = 0;

	hf_lock(g, hf_lock_of(p, lock));
	while (p->ready && n < max) {
		const int next = pop(p);

		if (next < 0)
			break;
		{
			hf_unlocked(g);
			sleeps();
		}
		if (next == 3)
			continue;
		n += next;
	}
	return n;
}

int leaves(struct port *p, struct packet_own given);
int leaves(struct port *p, struct packet_own given)
{
	hf_let(packet, packet, given);

	hf_lock_else(g, hf_lock_of(p, lock), HF_TRY, return -EBUSY);
	if (!p->ready)
		goto out;
	p->last = 0;
	hf_replace(p->sent, hf_move(packet));
	report(&p->rx);
	return p->mtu;
out:
	return -ENODEV;
}

int of_members(struct board *b, unsigned int i);
int of_members(struct board *b, unsigned int i)
{
	struct port *const p = &b->ports[i % 2];

	flush(p);
	hf_lock(s, &b->stats);
	hf_lock(g, hf_lock_of(b, open));
	b->users++;
	s->hits++;
	hf_read_lock(c, hf_lock_of(p, config));
	hf_lock(h, hf_lock_of(p, lock));
	p->tx.hits += speed(p) + s->hits;
	return p->tx.hits;
}

int interrupted(struct board *b);
int interrupted(struct board *b)
{
	hf_lock_else(g, hf_lock_of(b, open), HF_KILLABLE, return -EINTR);
	sleeps();
	if (!--b->users) {
		hf_write_lock(c, hf_lock_of(&b->ports[0], config));
		b->ports[0].speed = 0;
	}
	return b->users;
}

void on_the_stack(void);
void on_the_stack(void)
{
	struct board b = { .users = 1, .ports = { { .ready = true }, { .speed = 10 } } };
	struct port *p = &b.ports[1];

	hf_lock_init(&b.stats);
	hf_lock(g, hf_lock_of(&b, open));
	b.users++;
	hf_lock(h, hf_lock_of(p, lock));
	p->ready = false;
}
