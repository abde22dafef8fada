// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What is passed by value without being a copy, or may be copied. */
#include <holdfast/holdfast.h>

struct request {
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
struct request_own_result request_make(int tag);
int submit(struct request_own req);

struct node {
	struct hf_refs refs;
	int id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);

HF_TOKEN_DEFINE(cid, u16);
void complete_cid(struct cid_token cid);

struct slot {
	struct request_own req, spare[2];
	struct node_arc node;
	struct node_weak parent;
	struct cid_token cid;
	int n;
};

struct queue {
	const struct queue_ops {
		int (*submit)(struct queue *q, struct request_own req);
	} *ops;
};

/* A parameter is what the caller gave away. */
static int forward(struct queue *q, struct request_own req)
{
	return q->ops->submit(q, req);
}

static int bind(struct queue *q, struct request_own given)
{
	hf_let(request, req, given);

	hf_mut(req)->tag = 1;
	return q->ops->submit(q, hf_move(req));
}

static int either(struct queue *q, struct request_own req, bool later)
{
	if (later)
		return submit(req);
	return forward(q, req);
}

static struct request_own returned(struct request_own req)
{
	return req;
}

/* Out of fields and elements, by words that say what becomes of the place. */
static int places(struct slot *s, struct slot *d, struct queue *q, u32 i)
{
	hf_let(request, req, hf_take(s->req));
	hf_let_arc(node, mine, hf_clone(s->node));
	hf_let_arc(node, theirs, hf_take(d->node));

	hf_set(d->req, hf_take(s->spare[i % 2]));
	hf_set(d->node, hf_move(theirs));
	hf_token_set(d->cid, hf_token_take(s->cid));
	hf_try_errno(hf_set_ok(s->req, request_make(1)));
	if (hf_is_empty(req))
		return hf_ref(mine)->id;
	return bind(q, hf_move(req));
}

/* A new structure is no copy, and neither is a result that is taken apart. */
static int made(struct slot *to)
{
	struct request_own_result r = request_make(2);
	struct slot local = { .n = 3 };

	hf_set(local.req, hf_try(r));
	to->n = local.n;
	hf_set(to->req, hf_take(local.req));
	return 0;
}

/* What owns nothing is copied like any number. */
struct geometry {
	u32 sectors, heads;
	struct hf_untrusted_u16 depth;
	struct hf_le16 wire;
};

static u32 copied(const struct geometry *g, struct u8_slice bytes)
{
	const struct geometry mine = *g;
	const struct u8_slice view = bytes;

	return mine.sectors + mine.heads + (u32)hf_len(view);
}

int use_all(struct queue *q, struct slot *s, struct slot *d, struct geometry *g, struct u8_slice bytes);
int use_all(struct queue *q, struct slot *s, struct slot *d, struct geometry *g, struct u8_slice bytes)
{
	hf_let(request, req, hf_try(request_make(3)));
	hf_let(request, back, returned(hf_move(req)));

	hf_try_errno(either(q, hf_move(back), hf_len(bytes) > 3));
	hf_try_errno(places(s, d, q, copied(g, bytes)));
	return made(s);
}
