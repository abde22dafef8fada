// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <holdfast/arc.h>
#include <holdfast/file.h>
#include <holdfast/pin.h>
#include <holdfast/revocable.h>

#include "edu.h"
#include "edu_abi.h"

/* ---- The device ---- */

HF_MMIO_DEFINE(edu_regs, 0xa0);
HF_REG_RO(edu_regs, id, 0x00, u32);
HF_REG_RW(edu_regs, factorial, 0x08, u32);	/* a number; later its factorial */
HF_REG_RW(edu_regs, status, 0x20, u32);
HF_REG_RO(edu_regs, irq_status, 0x24, u32);
HF_REG_WO(edu_regs, irq_ack, 0x64, u32);
HF_REG_WO(edu_regs, dma_source, 0x80, u64);
HF_REG_WO(edu_regs, dma_destination, 0x88, u64);
HF_REG_WO(edu_regs, dma_count, 0x90, u64);
HF_REG_RW(edu_regs, dma_command, 0x98, u64);

#define EDU_ID		0x010000edu	/* with the minor version in bits 16 to 23 */
#define EDU_DMA_AT	0x40000u	/* where the device's buffer is, for itself */
#define EDU_LINE	64u		/* bytes */
#define EDU_LINES	64u		/* of EDU_BUFFER bytes, in memory */
enum { EDU_COMPUTING = 0x01, EDU_IRQ_WHEN_COMPUTED = 0x80 };		/* status */
enum { EDU_IRQ_FACTORIAL = 0x001, EDU_IRQ_DMA = 0x100 };		/* irq_status, irq_ack */
enum { EDU_RUN = 0x1, EDU_RUN_FROM_DEVICE = 0x3, EDU_DMA_RAISES = 0x4 };	/* dma_command */

/* The memory that the device copies from and to.  It may change at any time, so it is copied line by line. */
struct edu_line {
	u8 byte[EDU_LINE];
};

HF_DMA_DEFINE(edu_lines, struct edu_line);
HF_LOCKED_DEFINE(edu_memory, mutex, struct edu_lines);		/* who transfers holds it, and sleeps */

/* What exists only while the device does. */
struct edu_hw {
	struct edu_regs regs;
	struct hf_device dev;
	struct edu_memory memory;
};

static int edu_hw_init(struct edu_hw *hw, const struct edu_config *c)
{
	hw->regs = hf_try(edu_regs_map(c->io));
	if (hf_mask(edu_regs_read_id(&hw->regs), 0xff00ffff) != EDU_ID)
		return -ENODEV;
	if (hf_mask(edu_regs_read_dma_command(&hw->regs), EDU_RUN) ||
	    hf_mask(edu_regs_read_status(&hw->regs), EDU_COMPUTING))
		return -EBUSY;
	hw->dev = c->dev;
	/* SAFETY: nobody else can reach it yet. */
	*hf_lock_get_mut_unchecked(&hw->memory) = hf_try(edu_lines_alloc(&hw->dev, EDU_LINES, GFP_KERNEL));
	hf_lock_init(&hw->memory);
	edu_regs_write_status(&hw->regs, EDU_IRQ_WHEN_COMPUTED);
	return 0;
}

static void edu_hw_free(struct edu_hw *hw)
{
	/* SAFETY: nobody can reach it any more. */
	edu_lines_drop(hf_lock_get_mut_unchecked(&hw->memory));
	hf_lock_fini(&hw->memory);
	hf_free(hw);
}

HF_OWN_DEFINE(edu_hw, struct edu_hw, edu_hw_free);
HF_REVOCABLE_DEFINE(edu_access, srcu, edu_hw_own);

struct edu_opener {
	enum { EDU_CLOSED, EDU_NOT_ASKED, EDU_ASKED, EDU_ANSWERED } answer;
	u32 value;
};

struct edu_state {
	struct edu_opener opener[EDU_OPENERS];
	u32 asker;		/* whose factorial is computed; EDU_OPENERS: that one is gone */
	bool computing;		/* set when the device is told to, cleared by its interrupt */
	bool transferring;	/* the same; the memory is the device's, even if nobody waits for it any more */
	bool gone;		/* the device, for those who use this driver */
};

HF_LOCKED_DEFINE(edu_locked, spinlock_irq, struct edu_state);	/* an interrupt handler takes it */
HF_CONDVAR_DEFINE(edu_locked);

struct edu {
	struct hf_refs refs;
	u32 timeout_ms;
	struct edu_access hw;
	struct edu_locked state;
	struct edu_locked_condvar changed;
};

static int edu_init(struct edu *edu, const struct edu_config *c)
{
	hf_let(edu_hw, hw, hf_try(hf_new_with(edu_hw, GFP_KERNEL, edu_hw_init, c)));

	hf_try_errno(edu_access_init(&edu->hw, hf_move(hw)));
	hf_lock_init(&edu->state);
	hf_cond_init(&edu->changed);
	edu->timeout_ms = c->timeout_ms;
	return 0;
}

static void edu_destroy(struct edu *edu)
{
	hf_cond_fini(&edu->changed);
	hf_lock_fini(&edu->state);
	edu_access_fini(&edu->hw);
}

static void edu_release(struct edu *edu)
{
	hf_free(edu);
}

HF_ARC_DEFINE(edu, struct edu, refs, edu_destroy, edu_release);

HF_IRQ_DEFINE(edu_irq, edu_arc, edu_interrupt);

static irqreturn_t edu_interrupt(const struct edu *edu HF_NOESCAPE)
{
	hf_access_else(hw, &edu->hw, return IRQ_NONE);
	const struct hf_untrusted_u32 status = edu_regs_read_irq_status(&hw->regs);
	const u32 why = hf_mask(status, EDU_IRQ_FACTORIAL | EDU_IRQ_DMA);

	/* A device that was pulled out reads as all ones. */
	if (!why || hf_equals(status, ~0u))
		return IRQ_NONE;
	edu_regs_write_irq_ack(&hw->regs, why);
	hf_lock(s, &edu->state);
	if (why & EDU_IRQ_DMA)
		s->transferring = false;
	/* What the device did not do, it cannot complete. */
	if (why & EDU_IRQ_FACTORIAL && s->computing) {
		s->computing = false;
		if (s->asker < EDU_OPENERS) {
			hf_array_at(s->opener, s->asker).answer = EDU_ANSWERED;
			hf_array_at(s->opener, s->asker).value = hf_accept_any(edu_regs_read_factorial(&hw->regs));
		}
	}
	hf_notify_all(&edu->changed);
	return IRQ_HANDLED;
}

/* ---- Open files ---- */

struct session {
	struct edu_arc edu;
	u32 opener;		/* EDU_OPENERS: none */
};

static void session_close(struct session *session)
{
	if (session->opener < EDU_OPENERS) {
		hf_lock(s, &hf_ref(session->edu)->state);

		hf_array_at(s->opener, session->opener).answer = EDU_CLOSED;
		if (s->asker == session->opener)
			s->asker = EDU_OPENERS;
	}
	edu_arc_drop(&session->edu);
	hf_free(session);
}

HF_OWN_DEFINE(session, struct session, session_close);
HF_FILE_DEFINE(edu_node, edu_arc, session_own);

static struct session_own_result edu_open(const struct edu *edu, const struct hf_file *how)
{
	hf_let(session, session, hf_try_in(session_own, hf_new(session, GFP_KERNEL)));

	(void)how;
	hf_set(hf_mut(session)->edu, hf_arc_from(edu, edu));
	hf_mut(session)->opener = EDU_OPENERS;
	hf_lock(s, &edu->state);
	for (u32 i = 0; i < EDU_OPENERS; i++) {
		if (hf_array_at(s->opener, i).answer != EDU_CLOSED)
			continue;
		hf_array_at(s->opener, i).answer = EDU_NOT_ASKED;
		hf_mut(session)->opener = i;
		return hf_ok(session_own, hf_move(session));
	}
	return hf_err(session_own, -EBUSY);
}

/* Ask for a factorial. */
static int edu_write(const struct session *session, struct hf_uaccess_reader *from, const struct hf_file *how)
{
	const struct edu *edu = hf_ref(session->edu);
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);
	const u32 n = hf_try(hf_at_most(hf_try(hf_uaccess_read_u32(from)), EDU_MAX_N));

	hf_access_else(hw, &edu->hw, return -ENODEV);
	hf_lock(s, &edu->state);
	while (s->computing && !s->gone) {
		if (how->nonblocking)
			return -EAGAIN;
		hf_try_errno(hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE));
	}
	if (s->gone)
		return -ENODEV;
	s->computing = true;
	s->asker = session->opener;
	hf_array_at(s->opener, s->asker).answer = EDU_ASKED;
	edu_regs_write_factorial(&hw->regs, n);
	return 0;
}

/* The factorial that this opener asked for; the end of the file, if it did not. */
static int edu_read(const struct session *session, struct hf_uaccess_writer *to, const struct hf_file *how)
{
	const struct edu *edu = hf_ref(session->edu);
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);
	u32 value;

	if (hf_remaining(to) < sizeof(value))
		return -EINVAL;
	{
		hf_lock(s, &edu->state);
		struct edu_opener *const opener = &hf_array_at(s->opener, session->opener);

		while (opener->answer == EDU_ASKED && !s->gone) {
			if (how->nonblocking)
				return -EAGAIN;
			hf_try_errno(hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE));
		}
		if (s->gone)
			return -ENODEV;
		if (opener->answer != EDU_ANSWERED)
			return 0;
		opener->answer = EDU_NOT_ASKED;
		value = opener->value;
	}
	return hf_uaccess_write_u32(to, value);
}

static __poll_t edu_poll(const struct session *session, struct hf_poll *poll)
{
	const struct edu *edu = hf_ref(session->edu);

	hf_poll_wait(poll, &edu->changed);
	hf_lock(s, &edu->state);
	if (s->gone)
		return EPOLLERR | EPOLLHUP;
	return (hf_array_at(s->opener, session->opener).answer == EDU_ANSWERED ? EPOLLIN : 0) |
	       (s->computing ? 0 : EPOLLOUT);
}

/* How many of @left bytes are in the next line. */
static size_t edu_part(size_t left)
{
	return left < EDU_LINE ? left : EDU_LINE;
}

/* Copy the bytes of the process into the memory. */
static int edu_fill(const struct edu_lines *lines, struct hf_uaccess_reader *from)
{
	u8 line[EDU_LINE];

	for (u32 i = 0; hf_remaining(from); i++) {
		const struct u8_slice part = hf_try(hf_array_subslice(u8_slice, line, 0, edu_part(hf_remaining(from))));

		hf_try_errno(hf_uaccess_read(from, part));
		hf_try_errno(edu_lines_write_bytes(lines, i, hf_const(part)));
	}
	return 0;
}

static int edu_empty(const struct edu_lines *lines, struct hf_uaccess_writer *to)
{
	u8 line[EDU_LINE];

	for (u32 i = 0; hf_remaining(to); i++) {
		const struct u8_slice part = hf_try(hf_array_subslice(u8_slice, line, 0, edu_part(hf_remaining(to))));

		hf_try_errno(edu_lines_read_bytes(lines, i, part));
		hf_try_errno(hf_uaccess_write(to, hf_const(part)));
	}
	return 0;
}

/* Wait until the device has left the memory. */
static int edu_await(const struct edu *edu)
{
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);
	hf_lock(s, &edu->state);

	while (s->transferring && !s->gone)
		hf_try_errno(hf_wait_until(&edu->changed, s, end, HF_INTERRUPTIBLE));
	return s->gone ? -ENODEV : 0;
}

static int edu_ioctl(const struct session *session, unsigned int cmd, const struct hf_ioctl_arg *arg,
		     const struct hf_file *how)
{
	const struct edu *edu = hf_ref(session->edu);
	struct hf_uaccess_reader r = hf_ioctl_reader(arg);

	if (cmd != EDU_TRANSFER)
		return -ENOTTY;
	const struct edu_transfer t = hf_try(hf_uaccess_read_as(edu_transfer, &r));
	const bool from_device = hf_try(hf_at_most(hf_from_le(t.direction), EDU_FROM_DEVICE)) == EDU_FROM_DEVICE;
	const u32 offset = hf_try(hf_below(hf_from_le(t.offset), EDU_BUFFER));
	const u32 length = hf_try(hf_in_range(hf_from_le(t.length), 1, EDU_BUFFER - offset));
	void __user *const user = hf_try(hf_user_ptr(hf_from_le(t.user)));
	struct hf_uaccess_reader from = hf_uaccess_reader(user, from_device ? 0 : length);
	struct hf_uaccess_writer to = hf_uaccess_writer(user, from_device ? length : 0);

	hf_try(hf_at_most(hf_from_le(t.reserved), 0));
	if (!(from_device ? how->readable : how->writable))
		return -EBADF;
	hf_access_else(hw, &edu->hw, return -ENODEV);
	hf_lock_else(lines, &hw->memory, HF_INTERRUPTIBLE, return -EINTR);
	/* A transfer whose caller gave up may still be under way. */
	hf_try_errno(edu_await(edu));
	hf_try_errno(edu_fill(lines, &from));
	{
		const u64 inside = EDU_DMA_AT + offset, outside = edu_lines_addr(lines);
		hf_lock(s, &edu->state);

		if (s->gone)
			return -ENODEV;
		s->transferring = true;
		edu_regs_write_dma_source(&hw->regs, from_device ? inside : outside);
		edu_regs_write_dma_destination(&hw->regs, from_device ? outside : inside);
		edu_regs_write_dma_count(&hw->regs, length);
		edu_regs_write_dma_command(&hw->regs, EDU_DMA_RAISES | (from_device ? EDU_RUN_FROM_DEVICE : EDU_RUN));
	}
	hf_try_errno(edu_await(edu));
	return edu_empty(lines, &to);
}

HF_FILE_OPS(edu_node, session_own, .open = edu_open, .read = edu_read, .write = edu_write, .ioctl = edu_ioctl,
	    .poll = edu_poll);

/* ---- Binding ---- */

struct edu_binding {
	struct edu_arc edu;
	struct edu_irq_own irq;
	struct edu_node_own node;
	struct edu_config config;
};

struct edu_binding_own_result edu_bind(const struct edu_config *c)
{
	hf_let_arc(edu, edu, hf_try_in(edu_binding_own, hf_new_arc_with(edu, GFP_KERNEL, edu_init, c)));
	hf_let(edu_binding, b, hf_try_in(edu_binding_own, hf_new(edu_binding, GFP_KERNEL)));

	hf_mut(b)->config = *c;
	hf_set(hf_mut(b)->edu, hf_clone(edu));
	hf_try_errno_in(edu_binding_own, hf_set_ok(hf_mut(b)->irq,
		hf_irq_request(edu_irq, c->line, c->name, hf_clone(edu), GFP_KERNEL)));
	hf_try_errno_in(edu_binding_own, hf_set_ok(hf_mut(b)->node,
		hf_node_register(edu_node, c->name, hf_clone(edu), GFP_KERNEL)));
	return hf_ok(edu_binding_own, hf_move(b));
}

void edu_unbind(struct edu_binding *b)
{
	const struct edu *edu = hf_ref(b->edu);
	const struct hf_deadline end = hf_deadline_in(edu->timeout_ms);

	edu_node_own_drop(&b->node);
	{
		hf_lock(s, &edu->state);

		/* Nothing new begins, those who wait leave, and what the device was told to do ends. */
		s->gone = true;
		hf_notify_all(&edu->changed);
		while (s->transferring || s->computing)
			if (hf_wait_until(&edu->changed, s, end, HF_UNINTERRUPTIBLE))
				break;
	}
	/* From here on even a broken device cannot write to the memory that is freed below. */
	b->config.stop(b->config.host);
	edu_irq_own_drop(&b->irq);
	edu_access_revoke(&edu->hw);
	edu_arc_drop(&b->edu);
	hf_free(b);
}
