// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Ends that leave nothing behind: objects, lists on the stack, parameters.
#include <holdfast/holdfast.h>

struct buf {
	struct hf_link link;
	u8 bytes[64];
};

void buf_free(struct buf *b);
HF_OWN_DEFINE(buf, struct buf, buf_free);
HF_LIST_DEFINE(bufs, buf_own, struct buf, link);
HF_TOKEN_DEFINE(slot, u16);
void slot_put(u16 slot);
int send(struct buf_own b);
int look(const struct buf *b);

struct cmd {
	struct {
		struct buf_own data, sense;
	} dma;
	struct u8_vec log;
	struct slot_token slot;
	bool mapped;
};

static void cmd_settle(struct cmd *c)
{
	if (!hf_owed(c->slot))
		return;
	hf_owe(slot, s, hf_token_take(c->slot));

	slot_put(hf_settle(s));
}

static void cmd_unmap(struct cmd *c, struct buf_own *b)
{
	if (hf_is_empty(*b))
		return;
	c->mapped = false;
	buf_own_drop(b);
}

/* One helper takes the member's place, the other the whole; a member that is empty is not dropped. */
static void cmd_free(struct cmd *c)
{
	cmd_settle(c);
	cmd_unmap(c, &c->dma.data);
	cmd_unmap(c, &c->dma.sense);
	u8_vec_drop(&c->log);
	hf_free(c);
}

HF_OWN_DEFINE(cmd, struct cmd, cmd_free);

struct cmd_own_result cmd_new(void);
struct cmd_own_result cmd_new(void)
{
	return hf_new(cmd, GFP_KERNEL);
}

/* The rest goes back; the loop has drained the list otherwise. */
int flush(struct bufs *from);
int flush(struct bufs *from)
{
	struct bufs mine;
	int err = 0;

	bufs_init(&mine);
	bufs_take_all(&mine, from);
	if (bufs_empty(&mine))
		return -ENODATA;
	while (!bufs_empty(&mine)) {
		err = send(hf_try(bufs_pop_front(&mine)));
		if (err) {
			bufs_take_all(from, &mine);
			return err;
		}
	}
	return 0;
}

/* Each element leaves by a loop, or the one that was put in. */
int sort(struct bufs *from, struct buf_own first);
int sort(struct bufs *from, struct buf_own first)
{
	struct bufs one, rest;

	bufs_init(&one);
	bufs_init(&rest);
	bufs_push_back(&one, first);
	hf_try_errno(send(hf_expect(bufs_pop_front(&one), "it was pushed")));
	bufs_take_all(&rest, from);
	{
		hf_list_cursor(c, &rest);
		while (bufs_next(&c))
			bufs_push_back(from, hf_expect(bufs_remove_at(&c), "the loop is at it"));
	}
	return 0;
}

/* Each way gives the parameter away once. */
int route(struct bufs *to, struct buf_own given, bool direct, struct buf_own other);
int route(struct bufs *to, struct buf_own given, bool direct, struct buf_own other)
{
	bufs_push_back(to, other);
	if (direct)
		return send(given);
	hf_let(buf, b, given);
	if (look(hf_ref(b)))
		return -EINVAL;
	bufs_push_back(to, hf_move(b));
	return 0;
}

/* A member that was taken out is adopted; a pointer that a call gave, and one whose object is freed. */
struct foreign {
	void *priv;
	struct buf *raw;
};

struct buf *buf_lookup(int id);
void foreign_free(struct foreign *f);
void foreign_free(struct foreign *f)
{
	struct buf *raw = f->raw, *priv = f->priv;

	if (priv) {
		f->priv = NULL;
		/* SAFETY: it is not there any more. */
		hf_let(buf, p, hf_adopt_unchecked(buf, priv));
	}
	if (raw) {
		/* SAFETY: it goes with @f. */
		hf_let(buf, r, hf_adopt_unchecked(buf, raw));
		hf_let(buf, l, hf_adopt_unchecked(buf, buf_lookup(1)));
	}
	hf_free(f);
}

/* Raw memory is cleared, or what is known to own nothing. */
void cmd_init(struct cmd *c, bool mapped);
void cmd_init(struct cmd *c, bool mapped)
{
	memset(c, 0, sizeof(*c));
	c->mapped = mapped;
}

static void cmd_forget(struct cmd *c)
{
	cmd_settle(c);
	buf_own_drop(&c->dma.data);
	buf_own_drop(&c->dma.sense);
	u8_vec_drop(&c->log);
}

void cmd_reset(struct cmd *c);
void cmd_reset(struct cmd *c)
{
	if (!c->mapped)
		return;
	cmd_forget(c);
	memset(c, 0, sizeof(*c));
}

/* The token is owed while the flag is set. */
struct chan {
	struct slot_token slot;
	bool started;
};

struct slot_token slot_get(void);
void chan_start(struct chan *c);
void chan_start(struct chan *c)
{
	hf_token_set(c->slot, slot_get());
	c->started = true;
}

static void chan_stop(struct chan *c)
{
	if (!c->started)
		return;
	hf_owe(slot, s, hf_token_take(c->slot));

	slot_put(hf_settle(s));
}

static void chan_free(struct chan *c)
{
	chan_stop(c);
	hf_free(c);
}

HF_OWN_DEFINE(chan, struct chan, chan_free);
