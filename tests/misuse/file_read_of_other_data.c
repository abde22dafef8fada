// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the read operation of a file, for data that its open files do not own
// rule: function-type
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

#ifdef MISUSE
static int dev_read(const struct dev *d, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	(void)how;
	return hf_uaccess_write_u32(to, (u32)d->opened);
}
#else
static int dev_read(const struct session *s, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	(void)how;
	return hf_uaccess_write_u32(to, (u32)hf_ref(s->dev)->opened);
}
#endif

HF_FILE_OPS(dev_node, session_own, .open = dev_open, .read = dev_read); /* E */
