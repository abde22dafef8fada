// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an event that is copied as a whole before its phase is looked at
// rule: device-memory
// compilers: none
// checker: copies the whole before its phase was looked at, so that '[a-z]+' may be from before the device wrote it
#include <holdfast/holdfast.h>

struct event {
	struct hf_le32 kind, value, stamp, flags;
};

HF_DMA_DEFINE(event_ring, struct event);

enum { EVENT_PHASE = 0x80 };

struct events {
	struct event_ring ring;
	u32 next, phase, last;
};

static bool events_is_new(const struct events *e, const struct event *v)
{
	return hf_mask(hf_from_le(v->flags), EVENT_PHASE) == e->phase;
}

int events_poll(struct events *e);
int events_poll(struct events *e)
{
#ifdef MISUSE
	const struct event v = event_ring_read(&e->ring, e->next); /* E */
#else
	const struct event v = hf_try(event_ring_read_if(&e->ring, e->next, offsetof(struct event, flags), EVENT_PHASE, e->phase));
#endif

	if (!events_is_new(e, &v))
		return -EAGAIN;
	if (++e->next == event_ring_len(&e->ring)) {
		e->next = 0;
		e->phase ^= EVENT_PHASE;
	}
	e->last = hf_accept_any(hf_from_le(v.value));
	return 0;
}
