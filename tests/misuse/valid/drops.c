// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Drop functions that leave nothing behind.
#include <holdfast/holdfast.h>

struct buf {
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);

struct node {
	struct hf_refs refs;
	struct buf_own buf;
};

/* What a counted object owns is dropped by its destroy function, not by the one that frees it. */
static void node_destroy(struct node *n)
{
	buf_own_drop(&n->buf);
}

static void node_release(struct node *n)
{
	hf_free(n);
}

HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

struct dev {
	struct node_arc node;
	struct node_weak parent;
	struct u8_vec name;
	struct buf_own bufs[2];
};

/* A helper that other error paths use as well. */
static void dev_fini(struct dev *d)
{
	for (size_t i = 0; i < 2; i++)
		buf_own_drop(&hf_array_at(d->bufs, i));
	u8_vec_drop(&d->name);
	node_weak_drop(&d->parent);
	node_arc_drop(&d->node);
}

static void dev_free(struct dev *d)
{
	dev_fini(d);
	hf_free(d);
}

HF_OWN_DEFINE(dev, struct dev, dev_free);

struct job {
	struct buf_own in, out;
};

void submit(struct buf_own b);

/* One member is moved on, the other dropped. */
static void job_free(struct job *j)
{
	if (!hf_is_empty(j->in))
		submit(hf_take(j->in));
	hf_let(buf, out, hf_take(j->out));
	hf_free(j);
}

HF_OWN_DEFINE(job, struct job, job_free);
