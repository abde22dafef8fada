// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the node in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
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

struct driver {
	struct dev_node_own node;
	int state;
};

static void driver_free(struct driver *d)
{
#ifdef MISUSE
	hf_free(d); /* E */
#else
	dev_node_own_drop(&d->node);
	hf_free(d);
#endif
}

HF_OWN_DEFINE(driver, struct driver, driver_free);
