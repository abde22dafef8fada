// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow of what a file owns used after its owner was taken and dropped
// rule: borrow-outlives-owner
// compilers: none
// analyzer: use after 'hf_move'
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

int on_release(struct file *f);
int on_release(struct file *f)
{
	const struct session *s = hf_foreign_ref(session_of, f);
	int opens = s->opens;

	{
		hf_let_arc(session, taken, hf_try(hf_foreign_take(session_of, f)));
	}
#ifdef MISUSE
	opens = s->opens; /* E */
#endif
	return opens;
}
