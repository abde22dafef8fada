// SPDX-License-Identifier: GPL-2.0-only OR MIT
// What is stored where nothing failed, pointers that were given up and came back, and a variable that is taken back.
#include <holdfast/holdfast.h>

struct tag {
	struct hf_be16 type;
	u8 port, length;
};

HF_WIRE_TYPE(tag, struct tag, HF_WIRE(type) HF_WIRE(port) HF_WIRE(length));

static int untag(struct hf_reader *frame, u32 *port, struct u8_cslice *body)
{
	const struct u8_cslice head = hf_try(hf_read_bytes(frame, sizeof(struct tag)));
	const struct tag *const tag = hf_try(hf_view(tag, head, 0));

	*port = hf_try(hf_below(hf_untrusted_u8(tag->port), 6));
	*body = hf_try(hf_read_bytes(frame, hf_try(hf_in_range(hf_untrusted_u8(tag->length), 1, 64))));
	return 0;
}

static size_t receive(struct u8_cslice frame)
{
	struct hf_reader r = hf_reader(frame);
	struct u8_cslice body;
	u32 port;
	const int err = untag(&r, &port, &body);

	return err ? 0 : port + hf_len(body);
}

struct name {
	u8 type;
	char text[8];
};

static void name_free(struct name *n)
{
	hf_free(n);
}

HF_OWN_DEFINE(name, struct name, name_free);

static struct name_own_result name_read(u8 type)
{
	hf_let(name, n, hf_try_in(name_own, hf_new(name, GFP_KERNEL)));

	hf_mut(n)->type = type;
	return hf_ok(name_own, hf_move(n));
}

static int value_of(u8 type, u32 *value)
{
	hf_let(name, n, hf_try(name_read(type)));

	*value = hf_ref(n)->type;
	return 0;
}

static int log_value(u8 type)
{
	u32 value;

	hf_try_errno(value_of(type, &value));
	return (int)value;
}

struct cmd {
	struct hf_link link;
	const struct hf_completion *done;	/* of who waits, or NULL */
};

static void cmd_free(struct cmd *c)
{
	hf_free(c);
}

HF_OWN_DEFINE(cmd, struct cmd, cmd_free);
HF_LIST_DEFINE(cmds, cmd_own, struct cmd, link);
HF_LOCKED_DEFINE(locked_cmds, spinlock_irq, struct cmds);

static void forget(const struct locked_cmds *all, const struct hf_completion *done)
{
	hf_lock(sent, all);
	hf_list_cursor(at, sent);

	for (struct cmd *c; (c = cmds_next(&at));)
		if (c->done == done)
			c->done = NULL;
}

static int exec(const struct locked_cmds *all)
{
	hf_let(cmd, c, hf_try(hf_new(cmd, GFP_KERNEL)));
	struct hf_completion done;
	int err;

	hf_completion_init(&done);
	hf_mut(c)->done = &done;
	{
		hf_lock(sent, all);
		cmds_push_back(sent, hf_move(c));
	}
	err = hf_completion_wait_until(&done, hf_deadline_in(1), HF_KILLABLE);
	forget(all, &done);
	hf_completion_fini(&done);
	return err;
}

struct bolt {
	struct hf_refs refs;
	u32 closed;
};

static void bolt_destroy(struct bolt *b)
{
	b->closed = 0;
}

static void bolt_release(struct bolt *b)
{
	hf_free(b);
}

HF_ARC_DEFINE(bolt, struct bolt, refs, bolt_destroy, bolt_release);

static int refuse(const void *cookie)
{
	return cookie ? -EBUSY : 0;
}

static int bolt_open(const struct bolt *b)
{
	hf_let_arc(bolt, given, hf_arc_from(bolt, b));
	/* SAFETY: who takes it adopts it; if nobody does, it is adopted below. */
	void *const cookie = (void *)(unsigned long)hf_leak(given);

	if (refuse(cookie)) {
		/* SAFETY: nobody took it. */
		hf_let_arc(bolt, back, hf_adopt_arc_unchecked(bolt, cookie));

		return -EBUSY;
	}
	return 0;
}

static int open_once(void)
{
	hf_let_arc(bolt, bolt, hf_try(hf_new_arc(bolt, GFP_KERNEL)));

	return bolt_open(hf_ref(bolt));
}

int main(void)
{
	static const _Alignas(8) u8 frame[8] = { 0x88, 0xb5, 5, 4 };
	static struct locked_cmds sent;
	int err;

	hf_lock_init(&sent);
	{
		hf_lock(s, &sent);
		cmds_init(s);
	}
	err = receive(hf_slice(u8_cslice, frame)) != 9 || log_value(3) != 3 || exec(&sent) != -ETIMEDOUT || open_once() != -EBUSY;
	/* SAFETY: nobody can reach it any more. */
	cmds_clear(hf_lock_get_mut_unchecked(&sent));
	hf_lock_fini(&sent);
	return err || hf_user_live();
}
