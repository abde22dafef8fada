// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow of a device given to its node, which outlives the function
// rule: owner-of-other-type
// expect: incompatible
#include <holdfast/arc.h>
#include <holdfast/file.h>

struct dev {
	struct hf_refs refs;
	int opened;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

struct session {
	struct dev_arc dev;
	int seen;
};

void session_end(struct session *s);
HF_OWN_DEFINE(session, struct session, session_end);
HF_FILE_DEFINE(dev_node, dev_arc, session_own);

static struct session_own_result dev_open(const struct dev *d, const struct hf_file *how)
{
	hf_let(session, s, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));

	(void)how;
	hf_set(hf_mut(s)->dev, hf_arc_from(dev, d));
	return hf_ok(session_own, hf_move(s));
}

HF_FILE_OPS(dev_node, session_own, .open = dev_open);

int dev_show(struct dev_arc arg);

int dev_show(struct dev_arc arg)
{
	hf_let_arc(dev, d, arg);
#ifdef MISUSE
	hf_let(dev_node, n, hf_try(hf_node_register(dev_node, "dev", hf_ref(d), GFP_KERNEL))); /* E */
#else
	hf_let(dev_node, n, hf_try(hf_node_register(dev_node, "dev", hf_clone(d), GFP_KERNEL)));
#endif

	return hf_ref(d)->opened;
}
