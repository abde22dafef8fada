// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a shared owner in a file borrowed exclusively
// rule: write-to-shared
// expect: hf_foreign_mut: session_of is a shared owner, which gives no exclusive borrow
#include <holdfast/arc.h>
#include <holdfast/foreign.h>

/* Somebody else's. */
struct file {
	int flags;
	void *private_data;
};

struct inode {
	void *private_data;
};

struct session {
	struct hf_refs refs;
	int opens;
};

void session_destroy(struct session *s);
void session_release(struct session *s);
HF_ARC_DEFINE(session, struct session, refs, session_destroy, session_release);
HF_FOREIGN_DEFINE(session_of, session_arc, struct file, private_data);

struct stats {
	int reads;
};

void stats_free(struct stats *s);
HF_OWN_DEFINE(stats, struct stats, stats_free);
HF_FOREIGN_DEFINE(stats_of, stats_own, struct inode, private_data);

void on_read(struct file *f, struct inode *i);
void on_read(struct file *f, struct inode *i)
{
#ifdef MISUSE
	(void)i;
	hf_foreign_mut(session_of, f)->opens++; /* E */
#else
	(void)f;
	hf_foreign_mut(stats_of, i)->reads++;
#endif
}
