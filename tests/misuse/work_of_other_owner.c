// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a work item of an object that the handle does not own
// rule: owner-of-other-type
// expect: HF_WORK_DEFINE: dev_arc is no owner of a struct port
#include <holdfast/arc.h>
#include <holdfast/work.h>

struct dev {
	struct hf_refs refs;
	struct hf_work reset;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

struct port {
	struct hf_refs refs;
	struct hf_work reset;
};

void port_destroy(struct port *p);
void port_release(struct port *p);
HF_ARC_DEFINE(port, struct port, refs, port_destroy, port_release);

#ifdef MISUSE
HF_WORK_DEFINE(port_reset, dev_arc, struct port, reset, reset_port); /* E */
#else
HF_WORK_DEFINE(port_reset, port_arc, struct port, reset, reset_port);

static void reset_port(struct port_arc given)
{
	hf_let_arc(port, p, given);
}
#endif
