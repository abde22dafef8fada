// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what a file owns written through a shared borrow of the file
// rule: write-to-shared
// expect: hf_foreign_mut: .*i.* is reached through a shared borrow
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

struct stats {
	int reads;
};

void stats_free(struct stats *s);
HF_OWN_DEFINE(stats, struct stats, stats_free);
HF_FOREIGN_DEFINE(stats_of, stats_own, struct inode, private_data);

#ifdef MISUSE
void on_read(const struct inode *i);
void on_read(const struct inode *i)
#else
void on_read(struct inode *i);
void on_read(struct inode *i)
#endif
{
	hf_foreign_mut(stats_of, i)->reads++; /* E */
}
