// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: elements whose threads are waited for, dropped under a spinning lock
// rule: sleep-under-spinlock
// compilers: none
// checker: this may drop an element of 'l.open' while 'l' is locked, and 'stream_stop' waits for what may run beside it
#include <holdfast/list.h>
#include <holdfast/lock.h>
#include <holdfast/thread.h>

struct pump {
	u32 bytes;
};

static void pump_free(struct pump *p)
{
	hf_free(p);
}

HF_OWN_DEFINE(pump, struct pump, pump_free);
HF_THREAD_DEFINE(pump_thread, pump_own, pump_run);

static int pump_run(struct pump *p)
{
	while (!hf_thread_should_stop())
		p->bytes++;
	return 0;
}

struct stream {
	struct hf_link link;
	struct pump_thread_own thread;
};

static void stream_stop(struct stream *s)
{
	pump_thread_own_drop(&s->thread);
}

static void stream_free(struct stream *s)
{
	stream_stop(s);
	hf_link_fini(&s->link);
	hf_free(s);
}

HF_OWN_DEFINE(stream, struct stream, stream_free);
HF_LIST_DEFINE(streams, stream_own, struct stream, link);

struct state {
	struct streams open;
	bool closed;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

static void streams_end(struct streams *all)
{
	streams_clear(all);
}

void close_all(const struct locked_state *l);
void close_all(const struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	s->closed = true;
	streams_end(&s->open); /* E */
#else
	struct streams all;

	streams_init(&all);
	{
		hf_lock(s, l);

		s->closed = true;
		streams_take_all(&all, &s->open);
	}
	streams_end(&all);
	streams_fini(&all);
#endif
}
