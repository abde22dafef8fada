// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock that a helper initialises, which is called on one way only
// rule: lock-not-initialised
// compilers: none
// checker: on this way 'stats' is not initialised, and 'port_count' uses it in line 60, however the object was made
#include <holdfast/arc.h>
#include <holdfast/lock.h>

struct stats {
	u32 sent;
};

HF_LOCKED_DEFINE(locked_stats, mutex, struct stats);

struct port {
	struct hf_refs refs;
	u32 flags;
	struct locked_stats stats;
};

static void stats_begin(struct port *p)
{
	hf_lock_init(&p->stats);
}

static int port_init(struct port *p, u32 flags)
{
	p->flags = flags;
#ifdef MISUSE
	if (flags & 1)
		stats_begin(p);
	return 0; /* E */
#else
	stats_begin(p);
	return 0;
#endif
}

static void port_destroy(struct port *p)
{
	hf_lock_fini(&p->stats);
}

static void port_release(struct port *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(port, struct port, refs, port_destroy, port_release);

struct port_arc_result port_new(u32 flags);
struct port_arc_result port_new(u32 flags)
{
	return hf_new_arc_with(port, GFP_KERNEL, port_init, flags);
}

void port_count(const struct port *p);
void port_count(const struct port *p)
{
	hf_lock(s, &p->stats);

	s->sent++;
}
