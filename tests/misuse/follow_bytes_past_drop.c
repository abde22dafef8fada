// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: bytes are copied out of an object that a callee has dropped
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'f', which was moved or dropped in line 47
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/slice.h>

struct frame {
	struct hf_link link;
	u8 source[6];
	u16 type;
};

void frame_free(struct frame *f);
HF_OWN_DEFINE(frame, struct frame, frame_free);
HF_LIST_DEFINE(frames, frame_own, struct frame, link);

struct port {
	struct frames waiting;
	u32 nr;
	u8 last_source[6];
};

HF_LOCKED_DEFINE(port_locked, spinlock_bh, struct port);

/* Drops the frame if too many wait. */
static void port_take(struct port *p, struct frame_own given)
{
	hf_let(frame, f, given);

	if (p->nr >= 32)
		return;
	p->nr++;
	frames_push_back(&p->waiting, hf_move(f));
}

void port_receive(const struct port_locked *port, struct frame_own given);
void port_receive(const struct port_locked *port, struct frame_own given)
{
	hf_let(frame, f, given);
	const u8 *const source = hf_ref(f)->source;
	hf_lock(p, port);

#ifdef MISUSE
	port_take(p, hf_move(f));
	memcpy(p->last_source, source, sizeof(p->last_source)); /* E */
#else
	memcpy(p->last_source, source, sizeof(p->last_source));
	port_take(p, hf_move(f));
#endif
}
