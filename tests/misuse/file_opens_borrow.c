// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow of a device given to an open file, which outlives the device's node
// rule: owner-of-other-type
// expect: incomplete type 'struct hf_ok_of_a_value_of_another_type'
#include <holdfast/arc.h>
#include <holdfast/file.h>

struct dev {
	struct hf_refs refs;
	int opened;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_FILE_DEFINE(dev_node, dev_arc, dev_arc);

static struct dev_arc_result dev_open(const struct dev *d, const struct hf_file *how)
{
	(void)how;
#ifdef MISUSE
	return hf_ok(dev_arc, d); /* E */
#else
	return hf_ok(dev_arc, hf_arc_from(dev, d));
#endif
}

static int dev_read(const struct dev *d, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	(void)how;
	return hf_uaccess_write_u32(to, (u32)d->opened);
}

HF_FILE_OPS(dev_node, dev_arc, .open = dev_open, .read = dev_read);

int dev_show(struct dev_arc arg);
int dev_show(struct dev_arc arg)
{
	hf_let_arc(dev, d, arg);
	hf_let(dev_node, n, hf_try(hf_node_register(dev_node, "dev", hf_clone(d), GFP_KERNEL)));

	return hf_ref(d)->opened;
}
