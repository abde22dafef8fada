// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: guarded data that a helper gives through a parameter, written without the lock
// rule: guard-escapes
// compilers: none
// checker: uses a pointer to what belongs to 't', whose lock was released
#include <holdfast/lock.h>
#include <holdfast/slice.h>

struct session {
	u32 id, seq;
};

struct table {
	struct session sessions[8];
};

HF_LOCKED_DEFINE(locked_table, mutex, struct table);

struct dev {
	struct locked_table table;
};

static int get(struct dev *d, struct session **out, u32 *seq)
{
	hf_lock(t, &d->table);

	for (u32 i = 0; i < 8; i++) {
		if (!hf_array_at(t->sessions, i).id)
			continue;
		*out = &hf_array_at(t->sessions, i);
		*seq = (*out)->seq;
		return 0;
	}
	return -ENOENT;
}

u32 f(struct dev *d);
u32 f(struct dev *d)
{
	struct session *s;
	u32 seq;

	if (get(d, &s, &seq))
		return 0;
#ifdef MISUSE
	return s->seq; /* E */
#else
	return seq;
#endif
}
