// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Locks, waits and mappings close to those that are refused, and right. */
#include <holdfast/holdfast.h>

struct near_state {
	struct hf_pages_own pages;
	u32 items;
	int fault;
	bool stopped;
};

HF_LOCKED_DEFINE(near_locked, mutex, struct near_state);
HF_CONDVAR_DEFINE(near_locked);

struct near_side {
	u32 head;
};

HF_LOCKED_BY_DEFINE(near_by, near_locked, struct near_side);

struct near {
	struct hf_device dev;
	struct near_locked rx, tx;
	struct near_by side, either;
	struct near_locked_condvar more, stop;
	struct hf_completion done;
};

void near_tell(const struct near *n);
void near_start(dma_addr_t at, size_t bytes);
int near_wait_for_power(void);
void near_abort(void *unused);

/* --- locks --- */

void near_init(struct near *n, bool reverse);
void near_init(struct near *n, bool reverse)
{
	hf_lock_init(&n->rx);
	hf_lock_init(&n->tx);
	hf_locked_by_init(&n->side, &n->rx);
	if (reverse)
		hf_locked_by_init(&n->either, &n->rx);
	else
		hf_locked_by_init(&n->either, &n->tx);
}

u32 near_heads(const struct near *n);
u32 near_heads(const struct near *n)
{
	hf_lock(s, &n->rx);
	return s->items + hf_access(&n->side, &n->rx)->head + hf_access(&n->either, &n->rx)->head;
}

int near_mmap(const struct near *n, struct hf_vma *vma);
int near_mmap(const struct near *n, struct hf_vma *vma)
{
	hf_lock(s, &n->rx);

	if (hf_is_empty(s->pages))
		return -ENODATA;
	return hf_vma_map_readonly(vma, hf_ref(s->pages));
}

/* Under a lock that the mmap operation does not take, and after the lock. */
int near_write(const struct near *n, struct hf_uaccess_reader *from);
int near_write(const struct near *n, struct hf_uaccess_reader *from)
{
	u32 items;

	{
		hf_lock(s, &n->tx);
		items = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), 64));
		s->items = items;
	}
	hf_lock(s, &n->rx);
	s->items += items;
	hf_notify_all(&n->more);
	return 0;
}

/* --- waits --- */

int near_take(const struct near *n);
int near_take(const struct near *n)
{
	hf_lock(s, &n->rx);

	while (!s->items && !s->fault)
		hf_wait(&n->more, s);
	if (s->fault)
		return s->fault;
	s->items--;
	return 0;
}

int near_peek(const struct near *n);
int near_peek(const struct near *n)
{
	hf_lock(state, &n->rx);

	while (!state->items && !state->fault)
		hf_try_errno(hf_wait_interruptible(&n->more, state));
	return (int)state->items;
}

void near_wait_for_stop(const struct near *n);
void near_wait_for_stop(const struct near *n)
{
	hf_lock(s, &n->rx);

	while (!s->stopped)
		hf_wait(&n->stop, s);
}

void near_event(const struct near *n, u32 why);
void near_event(const struct near *n, u32 why)
{
	hf_lock(s, &n->rx);

	if (why & 1) {
		/* What is reset ends no wait. */
		s->fault = 0;
		return;
	}
	if (why & 2) {
		s->fault = -EIO;
		near_tell(n);
		return;
	}
	if (why & 4) {
		hf_notify_all(&n->more);
		s->fault = -ENODEV;
		return;
	}
	s->items++;
	hf_notify_one(&n->more);
}

/* --- mappings --- */

int near_read(struct near *n);
int near_read(struct near *n)
{
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, 64, GFP_KERNEL)));
	hf_let(u8_from_device, lent, hf_try(u8_map_from_device(hf_move(buf), &n->dev, NULL)));

	/* The device has no address yet. */
	hf_try_errno(hf_completion_wait_timeout(&n->done, 10));
	hf_completion_reinit(&n->done);
	near_start(hf_dma_addr(lent), hf_dma_size(lent));
	if (hf_completion_wait_timeout(&n->done, 10)) {
		near_abort(NULL);
		return -EIO;
	}
	return 0;
}

int near_read_deferred(struct near *n);
int near_read_deferred(struct near *n)
{
	hf_let(u8_buffer, buf, hf_try(hf_new_buffer(u8, 64, GFP_KERNEL)));
	hf_let(u8_from_device, lent, hf_try(u8_map_from_device(hf_move(buf), &n->dev, NULL)));

	hf_defer(stop, near_abort, NULL);
	near_start(hf_dma_addr(lent), hf_dma_size(lent));
	return hf_completion_wait_timeout(&n->done, 10);
}
