// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow stored in a member of a file, which outlives it
// rule: callback-outlives-data
// expect-gcc: incompatible type for argument
// expect-clang: to parameter of incompatible type 'struct session_arc'
// explained: owner-of-other-type
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

void on_open(struct file *f, const struct session *s);
void on_open(struct file *f, const struct session *s)
{
#ifdef MISUSE
	hf_foreign_store(session_of, f, s); /* E */
#else
	hf_foreign_store(session_of, f, hf_arc_from(session, s));
#endif
}
