// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reference that may be the last one, put under a lock that the destroy function takes
// rule: double-lock
// compilers: none
// checker: this may drop 's' while 'pool' is locked, and 'session_count' takes that lock: move it out of the lock
#include <holdfast/arc.h>
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct session;
static void session_destroy(struct session *s);

struct session {
	struct hf_refs refs;
	struct hf_link link;
	u32 id;
};

static void session_release(struct session *s)
{
	hf_free(s);
}

HF_ARC_DEFINE(session, struct session, refs, session_destroy, session_release);
HF_LIST_DEFINE(sessions, session_arc, struct session, link);

struct pool {
	struct sessions idle;
	u32 ended;
};

HF_LOCKED_DEFINE(locked_pool, mutex, struct pool);

static struct locked_pool pool;

static void session_count(void)
{
	hf_lock(p, &pool);

	p->ended++;
}

static void session_destroy(struct session *s)
{
	hf_link_fini(&s->link);
	session_count();
}

int pool_shrink(void);
int pool_shrink(void)
{
#ifdef MISUSE
	hf_lock(p, &pool);
	hf_let_arc(session, s, hf_try(sessions_pop_front(&p->idle))); /* E */
	return (int)hf_ref(s)->id;
#else
	hf_let_arc(session, s, hf_empty(session_arc));
	hf_lock(p, &pool);
	hf_set(s, hf_try(sessions_pop_front(&p->idle)));
	return (int)hf_ref(s)->id;
#endif
}
