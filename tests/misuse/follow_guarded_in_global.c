// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a part of guarded data that a member of a global points to
// rule: guard-escapes
// compilers: none
// checker: 'debug.failed' keeps a pointer to what belongs to 't', whose lock was released
#include <holdfast/lock.h>
#include <holdfast/slice.h>

struct session {
	u32 errors;
};

struct table {
	struct session sessions[8];
};

HF_LOCKED_DEFINE(locked_table, mutex, struct table);

static struct {
	const struct session *failed;
	u32 errors;
} debug;

u32 f(struct locked_table *l, u32 i);
u32 f(struct locked_table *l, u32 i)
{
	hf_lock(t, l);
	struct session *s = &hf_array_at(t->sessions, i);

#ifdef MISUSE
	debug.failed = s; /* E */
#else
	debug.errors = ++s->errors;
#endif
	return debug.errors;
}
