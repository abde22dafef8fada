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

HF_TOKEN_DEFINE(cid, u16);
void cid_free(struct cid_token cid);

struct entry {
	struct hf_link link;
};

void entry_free(struct entry *e);
HF_OWN_DEFINE(entry, struct entry, entry_free);
HF_LIST_DEFINE(entries, entry_own, struct entry, link);

struct session {
	struct entries waiting;
	struct cid_token cid;
	struct buf_own in, out;
	bool open, listed;
	union {
		struct buf_own inline_data;
		int fd;
	};
};

/* Each condition is about what may not be there, or chooses who drops the member. */
static void session_free(void *p)
{
	struct session *s = (struct session *)p;

	if (!s)
		return;
	if (s->listed)
		entries_clear(&s->waiting);
	if (s->open)
		cid_free(hf_token_take(s->cid));
	if (s->open)
		buf_own_drop(&s->inline_data);
	if (s->open) {
		submit(hf_take(s->in));
		submit(hf_take(s->out));
	} else {
		buf_own_drop(&s->in);
	}
	if (!s->open)
		buf_own_drop(&s->out);
	hf_free(s);
}

HF_OWN_DEFINE(session, struct session, session_free);

/* The object is freed where its member is dropped, and nowhere else. */
void session_put(struct job *j, int *users);
void session_put(struct job *j, int *users)
{
	if (--*users == 0) {
		buf_own_drop(&j->in);
		buf_own_drop(&j->out);
		hf_free(j);
	}
}

struct shared_job {
	struct buf_own in;
	int users;
	bool idle;
};

/* Each owner is one user. */
static void shared_job_put(struct shared_job *j)
{
	if (!j || --j->users)
		return;
	buf_own_drop(&j->in);
	hf_free(j);
}

HF_OWN_DEFINE(shared_job, struct shared_job, shared_job_put);

/* These end no object. */
void shared_job_reset(struct shared_job *j);
void shared_job_reset(struct shared_job *j)
{
	if (j->idle)
		return;
	buf_own_drop(&j->in);
}

void shared_job_idle(struct shared_job *j);
void shared_job_idle(struct shared_job *j)
{
	if (j->idle)
		buf_own_drop(&j->in);
}

void job_put(struct job *j, int users);
void job_put(struct job *j, int users)
{
	if (users == 0) {
		buf_own_drop(&j->in);
		buf_own_drop(&j->out);
	} else {
		return;
	}
	hf_free(j);
}

void job_free_if(struct job *j);
void job_free_if(struct job *j)
{
	if (j) {
		buf_own_drop(&j->in);
		buf_own_drop(&j->out);
	}
	hf_free(j);
}

/* The same of a list that a lock guards, which is emptied and not dropped. */
struct skb {
	struct hf_link link;
};

static void skb_free(struct skb *s)
{
	hf_link_fini(&s->link);
	hf_free(s);
}

HF_OWN_DEFINE(skb, struct skb, skb_free);
HF_LIST_DEFINE(skbs, skb_own, struct skb, link);
HF_LOCKED_DEFINE(locked_skbs, mutex, struct skbs);

struct wifi {
	struct hf_refs refs;
	struct locked_skbs queue;
};

static void wifi_destroy(struct wifi *w)
{
	/* SAFETY: nobody can reach it any more. */
	skbs_clear(hf_lock_get_mut_unchecked(&w->queue));
	hf_lock_fini(&w->queue);
}

static void wifi_release(struct wifi *w)
{
	hf_free(w);
}

HF_ARC_DEFINE(wifi, struct wifi, refs, wifi_destroy, wifi_release);
