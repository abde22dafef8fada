// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow from a foreign structure, kept in an object of its own
// rule: borrow-escapes
// compilers: none
// checker: 'p->watched' keeps a borrow of what 'f' refers to
#include <holdfast/arc.h>
#include <holdfast/foreign.h>

/* Somebody else's. */
struct opened {
	int flags;
	void *private_data;
};

struct session {
	struct hf_refs refs;
	u32 events;
};

void session_destroy(struct session *s);
void session_release(struct session *s);
HF_ARC_DEFINE(session, struct session, refs, session_destroy, session_release);
HF_FOREIGN_DEFINE(session_of, session_arc, struct opened, private_data);

struct poller {
	const struct session *watched;
	u32 events;
};

void poller_watch(struct poller *p, struct opened *f);
void poller_watch(struct poller *p, struct opened *f)
{
	const struct session *const s = hf_foreign_ref(session_of, f);

#ifdef MISUSE
	p->watched = s; /* E */
#else
	p->events = s->events;
#endif
}
