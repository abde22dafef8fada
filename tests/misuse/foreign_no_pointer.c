// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an owner in a member that is no pointer to anything
// rule: owner-of-other-type
// expect: HF_FOREIGN_DEFINE: .*flags.* is no void
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

#ifdef MISUSE
HF_FOREIGN_DEFINE(session_of, session_arc, struct file, flags); /* E */
#else
HF_FOREIGN_DEFINE(session_of, session_arc, struct file, private_data);
#endif
