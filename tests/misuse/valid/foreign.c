// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Owners in the private data of files and devices: stored, borrowed, taken, replaced, of both kinds.
#include <holdfast/holdfast.h>

struct opened {
	int flags;
	void *private_data;
};

struct gadget {
	int id;
	void *driver_data;
};

static inline void *get_data(const struct gadget *d)
{
	return d->driver_data;
}

static inline void set_data(struct gadget *d, void *p)
{
	d->driver_data = p;
}

struct stats {
	int reads;
};

HF_LOCKED_DEFINE(locked_stats, spinlock, struct stats);

struct edu {
	struct hf_refs refs;
	struct locked_stats stats;
};

static int edu_init(struct edu *e, int unused)
{
	(void)unused;
	hf_lock_init(&e->stats);
	return 0;
}

void edu_destroy(struct edu *e);
void edu_release(struct edu *e);
HF_ARC_DEFINE(edu, struct edu, refs, edu_destroy, edu_release);

struct session {
	struct edu_arc edu;
	u64 position;
};

static void session_free(struct session *s)
{
	edu_arc_drop(&s->edu);
	hf_free(s);
}

HF_OWN_DEFINE(session, struct session, session_free);
HF_FOREIGN_DEFINE(session_of, session_own, struct opened, private_data);
HF_FOREIGN_BY_DEFINE(edu_of, edu_arc, struct gadget, get_data, set_data);

static int probe(struct gadget *d)
{
	hf_let_arc(edu, e, hf_try(hf_new_arc_with(edu, GFP_KERNEL, edu_init, 0)));

	hf_foreign_store(edu_of, d, hf_move(e));
	return 0;
}

static void remove_edu(struct gadget *d)
{
	hf_let_arc(edu, e, hf_expect(hf_foreign_take(edu_of, d), "probe() stored it"));
}

static int on_open(struct opened *f, const struct gadget *d)
{
	hf_let(session, s, hf_try(hf_new(session, GFP_KERNEL)));

	hf_set(hf_mut(s)->edu, hf_arc_from(edu, hf_foreign_ref(edu_of, d)));
	hf_foreign_store(session_of, f, hf_move(s));
	return 0;
}

static u64 on_read(struct opened *f)
{
	const struct edu *e = hf_ref(hf_foreign_ref(session_of, f)->edu);

	{
		hf_lock(s, &e->stats);
		s->reads++;
	}
	return hf_foreign_mut(session_of, f)->position++;
}

static int on_release(struct opened *f)
{
	hf_let(session, s, hf_try(hf_foreign_take(session_of, f)));

	return (int)hf_ref(s)->position;
}

/* In one step: what was there goes into another file. */
static int pass_on(struct opened *from, struct opened *to)
{
	hf_foreign_store(session_of, to, hf_try(hf_foreign_take(session_of, from)));
	return 0;
}

int use(struct gadget *d, struct opened *f, struct opened *other);
int use(struct gadget *d, struct opened *f, struct opened *other)
{
	hf_try_errno(probe(d));
	hf_try_errno(on_open(f, d));
	if (on_read(f))
		return -EIO;
	hf_try_errno(pass_on(f, other));
	remove_edu(d);
	return on_release(other);
}
