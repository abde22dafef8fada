// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the owner in the private data of a file looked for in that of an inode
// rule: owner-of-other-type
// expect: hf_foreign_ref: .*i.* is no pointer to the structure of session_of
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

int on_read(const struct file *f, const struct inode *i);
int on_read(const struct file *f, const struct inode *i)
{
#ifdef MISUSE
	(void)f;
	return hf_foreign_ref(session_of, i)->opens; /* E */
#else
	(void)i;
	return hf_foreign_ref(session_of, f)->opens;
#endif
}
