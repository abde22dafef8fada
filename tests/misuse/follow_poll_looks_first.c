// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: poll() looks at the state, and then says whose notification it waits for
// rule: wake-up-missed
// compilers: none
// checker: 'mask' is from before hf_poll_wait\(\), and what happened between both wakes nobody
#include <holdfast/file.h>
#include <holdfast/wait.h>

struct inbox {
	u32 unread, room;
};

HF_LOCKED_DEFINE(locked_inbox, mutex, struct inbox);
HF_CONDVAR_DEFINE(locked_inbox);

struct session {
	struct locked_inbox inbox;
	struct locked_inbox_condvar changed;
};

__poll_t session_poll(const struct session *s, struct hf_poll *poll);
__poll_t session_poll(const struct session *s, struct hf_poll *poll)
{
	__poll_t mask = 0;

#ifndef MISUSE
	hf_poll_wait(poll, &s->changed);
#endif
	{
		hf_lock(in, &s->inbox);

		if (in->unread)
			mask |= EPOLLIN | EPOLLRDNORM;
		if (in->room)
			mask |= EPOLLOUT | EPOLLWRNORM;
	}
#ifdef MISUSE
	hf_poll_wait(poll, &s->changed);
#endif
	return mask; /* E */
}
