// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Transactions: calls and replies.
 *
 * A call is on the stack of the thread that made it until it is answered, and, once it was delivered, on that of the
 * thread that answers.  `parent` is what the caller was answering itself, so the parents of a call are all the calls
 * that wait for it: when a thread dies, who waits for what it called in turn is found there.
 */
#include "core.h"

void txn_destroy(struct txn *t)
{
	/* SAFETY: nobody can reach it any more. */
	buffer_own_drop(&hf_lock_get_mut_unchecked(&t->state)->buffer);
	hf_link_fini(&t->work.link);
	thread_arc_drop(&t->from);
	txn_arc_drop(&t->parent);
	proc_arc_drop(&t->to);
}

void txn_release(struct txn *t)
{
	hf_free(t);
}

bool txn_is_from(const struct txn *t, const struct thread *thread)
{
	return !hf_is_empty(t->from) && hf_ref(t->from) == thread;
}

/* What its caller was answering; may be empty. */
static struct txn_arc txn_parent(const struct txn *t)
{
	return hf_is_empty(t->parent) ? hf_empty(txn_arc) : hf_clone(t->parent);
}

/* What @thread goes on with after it has answered @t: the call that it made and that led to @t; may be empty. */
static struct txn_arc txn_below(const struct txn *t, const struct thread *thread)
{
	while (!hf_is_empty(t->parent)) {
		if (txn_is_from(hf_ref(t->parent), thread))
			return hf_clone(t->parent);
		t = hf_ref(t->parent);
	}
	return hf_empty(txn_arc);
}

u32 txn_unanswered(const struct txn *top, const struct thread *thread)
{
	u32 count = !txn_is_from(top, thread);

	/* What it was answering when it made a call. */
	for (const struct txn *t = top; !hf_is_empty(t->parent); t = hf_ref(t->parent))
		count += txn_is_from(t, thread);
	return count;
}

void txns_settle(const struct proc *p, u32 count)
{
	struct proc_inner *const in = hf_held(&p->inner);

	hf_require(HF_REFCOUNT, in->outstanding >= count);
	in->outstanding -= count;
	if (in->frozen && !in->outstanding)
		hf_notify_all(&p->drained);
}

/* The process does not get it any more. */
static void txn_settle(const struct txn *t)
{
	const struct proc *const p = hf_ref(t->to);
	hf_lock(in, &p->inner);

	(void)in;
	txns_settle(p, 1);
}

/* Tell the caller that there is no answer.  False if it is dead. */
static bool tell_failure(const struct txn *t, u32 command)
{
	const struct thread *const from = hf_ref(t->from);
	const struct proc *const p = hf_ref(from->proc);
	hf_let_arc(txn, out, hf_empty(txn_arc));
	hf_lock(in, &p->inner);
	struct thread_state *const s = hf_access(&from->state, &p->inner);

	(void)in;
	if (s->dead)
		return false;
	if (hf_is_empty(s->stack) || hf_ref(s->stack) != t)
		return true;
	hf_set(out, hf_replace(s->stack, txn_parent(t)));
	if (s->reply_error == BR_OK) {
		s->reply_error = command;
		thread_push_locked(p, from, hf_upcast(failure_work, hf_clone(from->reply_failure)), true);
	}
	return true;
}

void txn_fail(struct txn_arc given, u32 command)
{
	hf_let_arc(txn, t, given);

	/* If the caller is dead, who waits for it has no answer either. */
	while (!hf_is_empty(hf_ref(t)->from) && !tell_failure(hf_ref(t), command)) {
		hf_let_arc(txn, next, txn_parent(hf_ref(t)));

		if (hf_is_empty(next))
			return;
		hf_let_arc(txn, done, hf_replace(t, hf_move(next)));
	}
}

/* ---- Delivery ---- */

static u32 sender_of(const struct txn *t)
{
	if (hf_is_empty(t->from))
		return 0;
	const struct thread *const from = hf_ref(t->from);
	const struct proc *const p = hf_ref(from->proc);
	hf_lock(in, &p->inner);

	(void)in;
	return hf_access(&from->state, &p->inner)->dead ? 0 : p->pid;
}

static int put(struct hf_uaccess_writer *to, const struct txn *t, const struct buffer *b)
{
	const bool call = !hf_is_empty(b->target);
	const struct binder_txn_data d = {
		.target = hf_untrusted_u64(call ? hf_ref(b->target)->ptr : 0),
		.cookie = hf_untrusted_u64(call ? hf_ref(b->target)->cookie : 0),
		.code = hf_untrusted_u32(t->code),
		.flags = hf_untrusted_u32(t->flags),
		.sender_pid = hf_untrusted_u32(sender_of(t)),
		.sender_euid = hf_untrusted_u32(t->sender_euid),
		.data_size = hf_untrusted_u64(b->data_size),
		.offsets_size = hf_untrusted_u64(b->offsets_size),
		.data = hf_untrusted_u64(b->address),
		.offsets = hf_untrusted_u64(b->address + buffer_aligned(b->data_size)),
	};

	hf_try_errno(hf_uaccess_write_u32(to, call ? BR_TRANSACTION : BR_REPLY));
	return hf_uaccess_write(to, hf_bytes_of(binder_txn_data, d));
}

/* Give the process descriptors of the files that it is sent: of all, or of none. */
static int install_files(struct buffer *b)
{
	const struct hf_pages *const pages = hf_ref(b->pages);
	{
		hf_list_cursor(c, &b->items);
		for (struct item *i; (i = items_next(&c));) {
			if (hf_is_empty(i->file))
				continue;
			const struct binder_fd fd = { .fd = hf_untrusted_u32(hf_try(binder_host_fd_reserve())) };

			hf_token_set(i->reserved, hf_oblige(descriptor, hf_accept_any(fd.fd)));
			hf_try_errno(hf_pages_write(pages, i->at, hf_bytes_of(binder_fd, fd)));
		}
	}
	hf_list_cursor(c, &b->items);
	for (struct item *i; (i = items_next(&c));) {
		if (!hf_owed(i->reserved))
			continue;
		hf_owe(descriptor, fd, hf_token_take(i->reserved));
		binder_host_fd_fill(hf_token_value(fd), hf_take(i->file));
		if (i->closes)
			hf_token_set(i->lent, hf_pass(fd));
		else
			(void)hf_settle(fd);
	}
	return 0;
}

/* The process cannot have what it was sent. */
static int undeliverable(struct txn_arc given, const struct buffer *b, struct hf_uaccess_writer *to, bool *last)
{
	hf_let_arc(txn, t, given);

	buffer_done(b);
	if (!hf_is_empty(hf_ref(t)->from))
		txn_settle(hf_ref(t));
	if (!hf_is_empty(b->target)) {
		txn_fail(hf_move(t), BR_FAILED_REPLY);
		return 0;
	}
	*last = true;
	return hf_uaccess_write_u32(to, BR_FAILED_REPLY);
}

static int txn_deliver(struct work_own w, const struct thread *thread, struct hf_uaccess_writer *to, bool *last)
{
	hf_let(work, given, w);
	hf_let_arc(txn, t, hf_expect(hf_downcast(txn_work, given), "it is in the table of transactions"));
	const struct proc *const p = hf_ref(thread->proc);
	hf_let(buffer, b, hf_empty(buffer_own));
	hf_let_arc(txn, below, hf_empty(txn_arc));
	int err;
	{
		hf_lock(in, &p->inner);

		(void)in;
		hf_set(b, hf_take(hf_access(&hf_ref(t)->state, &p->inner)->buffer));
		/* A call is outstanding until it is answered. */
		if (hf_is_empty(hf_ref(t)->from))
			txns_settle(p, 1);
	}
	if (install_files(hf_mut(b)))
		return undeliverable(hf_move(t), hf_ref(b), to, last);
	err = put(to, hf_ref(t), hf_ref(b));
	if (err) {
		buffer_done(hf_ref(b));
		if (!hf_is_empty(hf_ref(t)->from))
			txn_settle(hf_ref(t));
		txn_fail(hf_move(t), BR_FAILED_REPLY);
		return err;
	}
	buffer_deliver(p, hf_move(b));
	*last = true;
	if (hf_is_empty(hf_ref(t)->from))
		return 0;
	hf_lock(in, &p->inner);
	(void)in;
	hf_set(below, hf_replace(hf_access(&thread->state, &p->inner)->stack, hf_move(t)));
	return 0;
}

static void txn_cancel(struct work_own w)
{
	hf_let(work, given, w);
	hf_let_arc(txn, t, hf_expect(hf_downcast(txn_work, given), "it is in the table of transactions"));

	txn_settle(hf_ref(t));
	txn_fail(hf_move(t), BR_DEAD_REPLY);
}

HF_IMPL_OPS(txn_work, .deliver = txn_deliver, .cancel = txn_cancel);

/* ---- What is in it ---- */

/* What a process sends, and whom it is for. */
struct parcel {
	const struct thread *from;
	const struct proc *to;
	const struct binder_txn_data *data;
	u64 extra;
	bool accepts_fds;		/* the receiver */
	bool waits;			/* for an answer */
	const struct txn *parent;	/* what it is answering; NULL: nothing */
};

static int translate_binder(const struct parcel *c, struct item *item, struct binder_flat *flat, bool strong)
{
	const struct proc *const p = hf_ref(c->from->proc);
	hf_let_arc(weak, n, hf_try(proc_node(p, hf_accept_any(flat->binder), hf_accept_any(flat->cookie),
					     hf_accept_any(flat->flags), false)));

	item->handle = hf_try(proc_handle_of(c->to, hf_ref(n), strong, c->from));
	item->handle_is_strong = strong;
	hf_set(item->holder, hf_arc_from(proc, c->to));
	flat->type = hf_untrusted_u32(strong ? BINDER_TYPE_HANDLE : BINDER_TYPE_WEAK_HANDLE);
	flat->binder = hf_untrusted_u64(item->handle);
	flat->cookie = hf_untrusted_u64(0);
	return 0;
}

static int translate_handle(const struct parcel *c, struct item *item, struct binder_flat *flat, bool strong)
{
	const struct proc *const p = hf_ref(c->from->proc);
	hf_let_arc(weak, n, hf_try(proc_find(p, (u32)hf_mask(flat->binder, 0xffffffff), strong)));

	if (hf_ref(hf_ref(n)->owner) == c->to) {
		flat->type = hf_untrusted_u32(strong ? BINDER_TYPE_BINDER : BINDER_TYPE_WEAK_BINDER);
		flat->binder = hf_untrusted_u64(hf_ref(n)->ptr);
		flat->cookie = hf_untrusted_u64(hf_ref(n)->cookie);
		if (strong)
			hf_set(item->strong, hf_arc_from(strong, hf_ref(n)));
		else
			hf_set(item->weak, hf_move(n));
		return 0;
	}
	item->handle = hf_try(proc_handle_of(c->to, hf_ref(n), strong, NULL));
	item->handle_is_strong = strong;
	hf_set(item->holder, hf_arc_from(proc, c->to));
	flat->binder = hf_untrusted_u64(item->handle);
	flat->cookie = hf_untrusted_u64(0);
	return 0;
}

static int take_file(const struct parcel *c, struct item *item, u32 fd)
{
	if (!c->accepts_fds)
		return -EPERM;
	/* SAFETY: the call gives a reference. */
	if (hf_set_ok(item->file, hf_adopt_ref_unchecked(host_file, binder_host_file_of(fd))))
		return -EBADF;
	return 0;
}

/* Bytes that were sent along. */
struct sent {
	u64 index;			/* of their object */
	u64 object;			/* where that is in the data */
	struct hf_untrusted_u64 user;	/* where the sender has them ... */
	u64 at;				/* ... and where they are in the buffer */
	u64 length;
	u64 min;			/* objects have written what is before */
};
HF_SLICE_DEFINE(sent, struct sent);
HF_VEC_DEFINE(sent);

/* A buffer that is filled. */
struct filling {
	const struct parcel *parcel;
	struct buffer *buffer;
	const struct hf_pages *pages;
	u64 count;			/* of the objects that are done */
	u64 extra, extra_end;		/* what is left for the bytes that objects point to */
	struct sent_vec *sent;		/* the last one, behind those that it was written into */
};

static struct sent *last_sent(const struct filling *f)
{
	return &hf_at(*f->sent, hf_len(*f->sent) - 1);
}

/*
 * An object writes @size bytes at @offset of those that the object @parent sends along, which become the last ones.
 *
 * Bytes are written in the order of the objects, and of the offsets in one parent; so no place is written twice.
 */
static int write_into(struct filling *f, u64 parent, u64 offset, u64 size)
{
	/* In the kernel's own driver an object at 0 is none. */
	if (!hf_len(*f->sent) || !last_sent(f)->object)
		return -EINVAL;
	while (hf_len(*f->sent) && last_sent(f)->index != parent)
		hf_vec_truncate(f->sent, hf_len(*f->sent) - 1);
	if (!hf_len(*f->sent))
		return -EINVAL;
	struct sent *const s = last_sent(f);

	if (offset < s->min || (size && (size > s->length || offset > s->length - size)))
		return -EINVAL;
	s->min = offset + size;
	return 0;
}

/* Bytes that are sent along. */
static int translate_ptr(struct filling *f, struct binder_flat *flat, const struct binder_place *place, u64 object)
{
	const u64 length = hf_try_or(hf_at_most(flat->cookie, f->extra_end - f->extra), -EINVAL);
	const struct sent sent = { .index = f->count, .object = object, .user = flat->binder, .at = f->extra, .length = length };
	struct hf_uaccess_reader from = hf_uaccess_reader(hf_try(hf_user_ptr(sent.user)), length);
	const struct binder_offset address = { hf_untrusted_u64(f->buffer->address + f->extra) };

	if (hf_uaccess_read_pages(&from, f->pages, f->extra, length))
		return -EINVAL;
	f->extra += buffer_aligned(length);
	flat->binder = address.at;
	if (hf_mask(flat->flags, BINDER_BUFFER_FLAG_HAS_PARENT)) {
		const u64 offset = hf_accept_any(place->parent_offset);

		hf_try_errno(write_into(f, hf_accept_any(place->parent), offset, sizeof(address)));
		hf_try_errno(hf_pages_write(f->pages, last_sent(f)->at + offset, hf_bytes_of(binder_offset, address)));
	} else {
		hf_vec_truncate(f->sent, 0);
	}
	return hf_vec_push(f->sent, sent, GFP_KERNEL);
}

/* Descriptors among bytes that are sent along. */
static int translate_fds(struct filling *f, u64 count, u64 parent, u64 offset)
{
	const u64 size = hf_try_or(hf_mul_u64(count, sizeof(u32)), -EINVAL);

	hf_try_errno(write_into(f, parent, offset, size));
	if (!count)
		return 0;
	const u64 at = last_sent(f)->at + offset;
	const u64 user = hf_accept_any(last_sent(f)->user) + offset;
	struct hf_uaccess_reader from = hf_uaccess_reader(hf_try(hf_user_ptr(hf_untrusted_u64(user))), size);

	if (at % sizeof(u32) || user % sizeof(u32))
		return -EINVAL;
	for (u64 i = 0; i < count; i++) {
		hf_let(item, item, hf_try(hf_new(item, GFP_KERNEL)));

		hf_mut(item)->at = at + i * sizeof(u32);
		hf_mut(item)->closes = true;
		hf_try_errno(take_file(f->parcel, hf_mut(item), hf_accept_any(hf_try_or(hf_uaccess_read_u32(&from), -EINVAL))));
		items_push_back(&f->buffer->items, hf_move(item));
	}
	return 0;
}

static int translate_flat(struct filling *f, struct binder_flat *flat, u64 object)
{
	hf_let(item, item, hf_try(hf_new(item, GFP_KERNEL)));
	const u32 type = hf_accept_any(flat->type);

	switch (type) {
	case BINDER_TYPE_BINDER:
	case BINDER_TYPE_WEAK_BINDER:
		hf_try_errno(translate_binder(f->parcel, hf_mut(item), flat, type == BINDER_TYPE_BINDER));
		break;
	case BINDER_TYPE_HANDLE:
	case BINDER_TYPE_WEAK_HANDLE:
		hf_try_errno(translate_handle(f->parcel, hf_mut(item), flat, type == BINDER_TYPE_HANDLE));
		break;
	case BINDER_TYPE_FD:
		hf_mut(item)->at = object + offsetof(struct binder_flat, binder);
		hf_try_errno(take_file(f->parcel, hf_mut(item), (u32)hf_mask(flat->binder, 0xffffffff)));
		flat->binder = hf_untrusted_u64(0);
		break;
	default:
		return -EINVAL;
	}
	items_push_back(&f->buffer->items, hf_move(item));
	return 0;
}

/* The next object, at @object in the data.  Gives its size. */
static struct u64_result translate(struct filling *f, struct hf_uaccess_reader *from, u64 object)
{
	struct binder_flat flat = hf_try_or(hf_uaccess_read_as(binder_flat, from), hf_err(u64, -EINVAL));

	if (hf_equals(flat.type, BINDER_TYPE_PTR)) {
		const struct binder_place place = hf_try_or(hf_uaccess_read_as(binder_place, from), hf_err(u64, -EINVAL));

		hf_try_errno_in(u64, translate_ptr(f, &flat, &place, object));
		hf_try_errno_in(u64, hf_pages_write(f->pages, object, hf_bytes_of(binder_flat, flat)));
		hf_try_errno_in(u64, hf_pages_write(f->pages, object + sizeof(flat), hf_bytes_of(binder_place, place)));
		return hf_ok(u64, sizeof(flat) + sizeof(place));
	}
	if (hf_equals(flat.type, BINDER_TYPE_FDA)) {
		const struct binder_offset rest = hf_try_or(hf_uaccess_read_as(binder_offset, from), hf_err(u64, -EINVAL));

		hf_try_errno_in(u64, translate_fds(f, hf_accept_any(flat.binder), hf_accept_any(flat.cookie),
						   hf_accept_any(rest.at)));
		hf_try_errno_in(u64, hf_pages_write(f->pages, object, hf_bytes_of(binder_flat, flat)));
		hf_try_errno_in(u64, hf_pages_write(f->pages, object + sizeof(flat), hf_bytes_of(binder_offset, rest)));
		return hf_ok(u64, sizeof(flat) + sizeof(rest));
	}
	hf_try_errno_in(u64, translate_flat(f, &flat, object));
	hf_try_errno_in(u64, hf_pages_write(f->pages, object, hf_bytes_of(binder_flat, flat)));
	return hf_ok(u64, sizeof(flat));
}

/*
 * Copy what the process sends, and what the driver makes of it.  Nothing is read back from the buffer, which is memory of
 * the receiver's.
 */
static int fill(const struct parcel *c, struct buffer *b)
{
	struct hf_uaccess_reader offsets = hf_uaccess_reader(hf_try(hf_user_ptr(c->data->offsets)), b->offsets_size);
	struct hf_uaccess_reader from = hf_uaccess_reader(hf_try(hf_user_ptr(c->data->data)), b->data_size);
	const u64 offsets_at = buffer_aligned(b->data_size);
	hf_let_vec(sent, bytes);
	struct filling f = { .parcel = c, .buffer = b, .pages = hf_ref(b->pages), .sent = &bytes };
	u64 at = 0;		/* how much of the data is copied */

	f.extra = offsets_at + buffer_aligned(b->offsets_size);
	f.extra_end = f.extra + c->extra;
	if (b->offsets_size % sizeof(u64) || c->extra % sizeof(u64))
		return -EINVAL;
	for (; f.count < b->offsets_size / sizeof(u64); f.count++) {
		const struct binder_offset offset = hf_try(hf_uaccess_read_as(binder_offset, &offsets));
		const u64 object = hf_accept_any(offset.at);

		hf_try_errno(hf_pages_write(f.pages, offsets_at + f.count * sizeof(u64), hf_bytes_of(binder_offset, offset)));
		if (object < at || object > b->data_size)
			return -EFAULT;
		hf_try_errno(hf_uaccess_read_pages(&from, f.pages, at, object - at));
		if (object % sizeof(u32))
			return -EINVAL;
		at = object + hf_try(translate(&f, &from, object));
	}
	return hf_uaccess_read_pages(&from, f.pages, at, b->data_size - at);
}

/* ---- Sending ---- */

/* Why it was not sent: what the thread reads, and the errno that it may ask for. */
struct outcome {
	u32 command;
	s32 param;
};

static struct outcome failed(u32 command, int err)
{
	return (struct outcome){ .command = command, .param = err };
}

static const struct outcome sent = { .command = BR_OK };

static int txn_init(struct txn *t, const struct parcel *c)
{
	hf_impl_init(txn_work, t);
	t->code = hf_accept_any(c->data->code);
	t->flags = hf_accept_any(c->data->flags);
	t->sender_pid = binder_host_pid();
	t->sender_euid = binder_host_euid();
	hf_set(t->to, hf_arc_from(proc, c->to));
	if (c->waits)
		hf_set(t->from, hf_arc_from(thread, c->from));
	if (c->parent)
		hf_set(t->parent, hf_arc_from(txn, c->parent));
	hf_locked_by_init(&t->state, &c->to->inner);
	return 0;
}

/* A transaction with its data, which nobody else has yet. */
static struct txn_arc_result txn_new(const struct parcel *c, struct strong_arc given)
{
	hf_let_arc(strong, target, given);
	const u32 flags = hf_accept_any(c->data->flags);
	const bool oneway = !hf_is_empty(target) && flags & TF_ONE_WAY;
	hf_let(buffer, b, hf_try_in(txn_arc, buffer_new(c->to, hf_accept_any(c->data->data_size),
						       hf_accept_any(c->data->offsets_size), c->extra, oneway)));
	hf_let_arc(txn, t, hf_try_in(txn_arc, hf_new_arc_with(txn, GFP_KERNEL, txn_init, c)));

	hf_mut(b)->clear = flags & TF_CLEAR_BUF;
	if (!hf_is_empty(target))
		hf_set(hf_mut(b)->target, hf_move(target));
	hf_try_errno_in(txn_arc, fill(c, hf_mut(b)));
	struct txn *const made = hf_expect(hf_arc_unique(t), "it is new");

	made->spam = hf_ref(b)->spam;
	/* SAFETY: nobody else can reach it yet. */
	hf_set(hf_lock_get_mut_unchecked(&made->state)->buffer, hf_move(b));
	return hf_ok(txn_arc, hf_move(t));
}

static struct outcome find_target(const struct proc *p, u32 handle, struct strong_arc *target)
{
	int err;

	if (handle) {
		err = hf_set_ok(*target, proc_target(p, handle));
		if (err)
			return failed(BR_FAILED_REPLY, err);
	} else {
		hf_let_arc(node, manager, hf_empty(node_arc));

		if (hf_set_ok(manager, proc_manager(p)))
			return failed(BR_DEAD_REPLY, -EINVAL);
		hf_set(*target, hf_arc_from(strong, hf_ref(manager)));
	}
	const struct proc *const owner = hf_ref(hf_ref(*target)->owner);

	if (owner == p || (!handle && owner->pid == p->pid))
		return failed(BR_FAILED_REPLY, -EINVAL);
	hf_lock(in, &owner->inner);
	return in->dead ? failed(BR_DEAD_REPLY, -EINVAL) : sent;
}

/* May a thread call?  It gives what the thread is answering, which may be nothing. */
static struct outcome may_call(const struct thread *t, bool oneway, struct txn_arc *answering)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);
	struct thread_state *const s = hf_access(&t->state, &p->inner);
	const struct works *const todo = &s->todo;
	const struct work *first;

	(void)in;
	if (oneway)
		return sent;
	/* It has been called, and does not know it yet. */
	if (!hf_store_ok(first, works_front(todo)) && hf_is_a(txn_work, first))
		return failed(BR_FAILED_REPLY, -EPROTO);
	if (hf_is_empty(s->stack))
		return sent;
	/* It waits for an answer already. */
	if (txn_is_from(hf_ref(s->stack), t))
		return failed(BR_FAILED_REPLY, -EPROTO);
	hf_set(*answering, hf_clone(s->stack));
	return sent;
}

/* A thread of @to that waits for this call in the end, so it shall serve it. */
static const struct thread *waiting_thread(const struct txn *answering, const struct proc *to)
{
	for (const struct txn *t = answering; t; t = hf_is_empty(t->parent) ? NULL : hf_ref(t->parent))
		if (!hf_is_empty(t->from) && hf_ref(hf_ref(t->from)->proc) == to && thread_is_alive(hf_ref(t->from)))
			return hf_ref(t->from);
	return NULL;
}

/*
 * The one-way call, of those that wait, that @t is the newer state of.  A process that is frozen shall not find all of
 * them when it is thawed.
 */
static struct work_own_result outdated_by(const struct txn *t, struct works *waiting)
{
	hf_list_cursor(c, waiting);

	for (const struct work *w; (w = works_next(&c));) {
		const struct txn *const old = hf_self(txn_work, w);

		if (old->code == t->code && old->flags == t->flags && old->sender_pid == t->sender_pid)
			return works_remove_at(&c);
	}
	return hf_err(work_own, -ENOENT);
}

/* Give a call to a thread, or to any thread of the process. */
static struct outcome submit(const struct node *callee, const struct thread *thread, struct txn_arc given)
{
	hf_let_arc(txn, t, given);
	hf_let(work, outdated, hf_empty(work_own));
	const struct proc *const to = hf_ref(callee->owner);
	hf_lock(in, &to->inner);
	struct node_state *const n = hf_access(&callee->state, &to->inner);
	const bool oneway = hf_is_empty(hf_ref(t)->from);
	const struct outcome done = in->frozen ? failed(BR_TRANSACTION_PENDING_FROZEN, 0) : sent;

	if (in->frozen)
		*(oneway ? &in->told : &in->called) = true;
	if (in->frozen && !oneway)
		return failed(BR_FROZEN_REPLY, 0);
	if (in->dead || (thread && hf_access(&thread->state, &to->inner)->dead))
		return failed(BR_DEAD_REPLY, 0);
	in->outstanding++;
	if (oneway && n->oneway_busy) {
		if (in->frozen && hf_ref(t)->flags & TF_UPDATE_TXN &&
		    !hf_set_ok(outdated, outdated_by(hf_ref(t), &n->oneway)))
			txns_settle(to, 1);
		works_push_back(&n->oneway, hf_upcast(txn_work, hf_move(t)));
		return done;
	}
	n->oneway_busy = n->oneway_busy || oneway;
	if (thread)
		thread_push_locked(to, thread, hf_upcast(txn_work, hf_move(t)), true);
	else
		proc_push_locked(to, hf_upcast(txn_work, hf_move(t)));
	return done;
}

/* The call is not made after all. */
static void take_back(const struct thread *t, const struct txn *call, const struct done *told)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_let(work, out, hf_empty(work_own));
	hf_let_arc(txn, popped, hf_empty(txn_arc));
	hf_lock(in, &p->inner);
	struct thread_state *const s = hf_access(&t->state, &p->inner);

	(void)in;
	if (works_has(&s->todo, &told->work))
		hf_set(out, hf_expect(works_remove(&s->todo, &told->work), "it is there"));
	if (!hf_is_empty(s->stack) && hf_ref(s->stack) == call)
		hf_set(popped, hf_replace(s->stack, txn_parent(call)));
}

static int done_init(struct done *d, u32 command)
{
	hf_impl_init(done_work, d);
	d->command = command;
	return 0;
}

/* What -ESRCH means: the receiver has no memory any more, or never had. */
static struct outcome not_made(int err)
{
	return failed(err == -ESRCH ? BR_DEAD_REPLY : BR_FAILED_REPLY, err);
}

static struct outcome call(const struct thread *t, const struct binder_txn_data *d, u64 extra)
{
	const struct proc *const p = hf_ref(t->proc);
	struct parcel c = { .from = t, .data = d, .extra = extra, .waits = !hf_mask(d->flags, TF_ONE_WAY) };
	hf_let_arc(strong, target, hf_empty(strong_arc));
	hf_let_arc(node, callee, hf_empty(node_arc));
	hf_let_arc(txn, answering, hf_empty(txn_arc));
	hf_let_arc(txn, below, hf_empty(txn_arc));
	hf_let_arc(txn, x, hf_empty(txn_arc));
	hf_let_arc(done, told, hf_empty(done_arc));
	const struct thread *serves = NULL;
	struct outcome o = find_target(p, (u32)hf_mask(d->target, 0xffffffff), &target);
	int err;

	if (o.command != BR_OK)
		return o;
	o = may_call(t, !c.waits, &answering);
	if (o.command != BR_OK)
		return o;
	hf_set(callee, hf_arc_from(node, hf_ref(target)));
	c.to = hf_ref(hf_ref(callee)->owner);
	c.accepts_fds = hf_ref(callee)->accepts_fds;
	if (!hf_is_empty(answering)) {
		c.parent = hf_ref(answering);
		serves = waiting_thread(c.parent, c.to);
	}
	err = hf_set_ok(x, txn_new(&c, hf_move(target)));
	if (!err)
		err = hf_set_ok(told, hf_new_arc_with(done, GFP_KERNEL, done_init,
			hf_ref(x)->spam ? BR_ONEWAY_SPAM_SUSPECT : BR_TRANSACTION_COMPLETE));
	if (err)
		return not_made(err);
	if (!c.waits) {
		o = submit(hf_ref(callee), NULL, hf_move(x));
		if (o.command != BR_OK && o.command != BR_TRANSACTION_PENDING_FROZEN)
			return o;
		if (o.command != BR_OK)
			hf_expect(hf_arc_unique(told), "it is new")->command = o.command;
		(void)thread_push(t, hf_upcast(done_work, hf_move(told)), true);
		return sent;
	}
	{
		hf_lock(in, &p->inner);

		(void)in;
		/* It is read with the answer, so that the thread need not run in between. */
		thread_push_locked(p, t, hf_upcast(done_work, hf_clone(told)), false);
		hf_set(below, hf_replace(hf_access(&t->state, &p->inner)->stack, hf_clone(x)));
	}
	o = submit(hf_ref(callee), serves, hf_clone(x));
	if (o.command != BR_OK)
		take_back(t, hf_ref(x), hf_ref(told));
	return o;
}

/* What the thread answers, off its stack. */
static struct outcome find_question(const struct thread *t, struct txn_arc *question)
{
	const struct proc *const p = hf_ref(t->proc);
	hf_lock(in, &p->inner);
	struct thread_state *const s = hf_access(&t->state, &p->inner);

	(void)in;
	if (hf_is_empty(s->stack) || txn_is_from(hf_ref(s->stack), t))
		return failed(BR_FAILED_REPLY, -EPROTO);
	hf_set(*question, hf_replace(s->stack, txn_below(hf_ref(s->stack), t)));
	txns_settle(p, 1);
	return sent;
}

/* Whether the caller still waits for this answer, and, if it is made, the answer to its thread. */
static struct outcome answer(const struct txn *question, struct txn_arc given)
{
	const struct thread *const to = hf_ref(question->from);
	const struct proc *const p = hf_ref(to->proc);
	hf_let_arc(txn, x, given);
	hf_let_arc(txn, popped, hf_empty(txn_arc));
	hf_lock(in, &p->inner);
	struct thread_state *const s = hf_access(&to->state, &p->inner);

	(void)in;
	if (s->dead)
		return failed(BR_DEAD_REPLY, 0);
	if (hf_is_empty(s->stack) || hf_ref(s->stack) != question)
		return failed(BR_FAILED_REPLY, -EPROTO);
	if (hf_is_empty(x))
		return sent;
	hf_set(popped, hf_replace(s->stack, txn_parent(question)));
	in->outstanding++;
	thread_push_locked(p, to, hf_upcast(txn_work, hf_move(x)), true);
	return sent;
}

static struct outcome reply(const struct thread *t, const struct binder_txn_data *d, u64 extra, struct txn_arc *question)
{
	struct parcel c = { .from = t, .data = d, .extra = extra };
	hf_let_arc(txn, x, hf_empty(txn_arc));
	hf_let_arc(done, told, hf_empty(done_arc));
	struct outcome o = find_question(t, question);
	int err;

	if (o.command != BR_OK)
		return o;
	o = answer(hf_ref(*question), hf_empty(txn_arc));
	if (o.command != BR_OK) {
		/* The caller waits for something else, so it is not told. */
		if (o.command == BR_FAILED_REPLY)
			txn_arc_drop(question);
		return o;
	}
	c.to = hf_ref(hf_ref(hf_ref(*question)->from)->proc);
	c.accepts_fds = hf_ref(*question)->flags & TF_ACCEPT_FDS;
	err = hf_set_ok(told, hf_new_arc_with(done, GFP_KERNEL, done_init, BR_TRANSACTION_COMPLETE));
	if (!err)
		err = hf_set_ok(x, txn_new(&c, hf_empty(strong_arc)));
	if (err)
		return not_made(err);
	/* The thread is told before its caller is, who may answer what the thread waits for itself. */
	(void)thread_push(t, hf_upcast(done_work, hf_clone(told)), true);
	o = answer(hf_ref(*question), hf_move(x));
	if (o.command != BR_OK)
		take_back(t, NULL, hf_ref(told));
	return o;
}

void thread_send(const struct thread *t, const struct binder_txn_data *d, struct hf_untrusted_u64 extra, bool is_reply)
{
	hf_let_arc(txn, question, hf_empty(txn_arc));
	const u32 id = thread_next_id(t);
	const struct outcome o = is_reply ? reply(t, d, hf_accept_any(extra), &question) : call(t, d, hf_accept_any(extra));

	if (o.command == BR_OK)
		return;
	if (hf_is_empty(question)) {
		thread_set_error(t, id, o.command, o.param);
		thread_fail(t, o.command);
		return;
	}
	/* The caller is told why it has no answer.  For the thread that should have answered, it is done. */
	thread_set_error(hf_ref(hf_ref(question)->from), id, o.command, o.param);
	thread_fail(t, BR_TRANSACTION_COMPLETE);
	txn_fail(hf_move(question), o.command);
}
