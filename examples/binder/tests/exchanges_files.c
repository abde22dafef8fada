// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Exchanges of descriptors.  All processes have the same standard error, which is what they send. */
#include <errno.h>

#include "exchanges.h"
#include "steps.h"

/* A manager "m" whose node takes descriptors, if it shall, and a client "c", both in their loops. */
static void meet_with(uint32_t flags)
{
	struct flat_binder_object o = { .hdr.type = BINDER_TYPE_BINDER, .flags = flags };

	m = actor("m");
	c = actor("c");
	controls(m, BINDER_SET_CONTEXT_MGR_EXT, &o, 0);
	enters(m);
	enters(c);
}

EXCHANGE(a_file_is_sent)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_FD, 2, 0x77);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c fd 2:77");
	frees(m);
	answers(m, "");
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from -");
}

EXCHANGE(a_file_is_the_answer)
{
	meet_with(0);
	calls(c, 0, 1, "x");
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 10 from c data x");
	send_object(m, BC_REPLY, 0, 0, BINDER_TYPE_FD, 2, 0x77);
	does(m, "noop complete");
	does(c, "noop complete reply code 0 flags 0 from - fd 2:77");
}

EXCHANGE(a_file_is_not_wanted)
{
	struct binder_extended_error e = { 0 };

	meet_with(0);
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_FD, 2, 0);
	does(c, "noop failed-reply");
	controls(c, BINDER_GET_EXTENDED_ERROR, &e, 0);
	expect(c, (uint64_t)-EPERM, (uint64_t)(int64_t)e.param);
	does(m, "error 11");
}

EXCHANGE(a_file_is_not_wanted_as_an_answer)
{
	meet_with(0);
	sends(c, BC_TRANSACTION, 0, 1, 0, "x", 1, NULL, 0);
	does(c, "error 11");
	does(m, "noop call 0:0 code 1 flags 0 from c data x");
	send_object(m, BC_REPLY, 0, 0, BINDER_TYPE_FD, 2, 0);
	does(m, "noop complete");
	does(c, "noop complete failed-reply");
}

EXCHANGE(no_such_file)
{
	struct binder_extended_error e = { 0 };

	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_FD, 999, 0);
	does(c, "noop failed-reply");
	controls(c, BINDER_GET_EXTENDED_ERROR, &e, 0);
	expect(c, (uint64_t)-EBADF, (uint64_t)(int64_t)e.param);
}

EXCHANGE(a_file_is_sent_one_way)
{
	const struct flat_binder_object o = { .hdr.type = BINDER_TYPE_FD, .handle = 2 };
	const uint64_t at = 0;

	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	sends(c, BC_TRANSACTION, 0, 1, TF_ONE_WAY, &o, sizeof(o), &at, 1);
	does(c, "noop complete");
	does(m, "noop call 0:0 code 1 flags 1 from - fd 2:0");
	frees(m);
	writes(m);
}

EXCHANGE(a_file_for_who_dies)
{
	meet_with(FLAT_BINDER_FLAG_ACCEPTS_FDS);
	send_object(c, BC_TRANSACTION, 0, 1, BINDER_TYPE_FD, 2, 0);
	does(c, "error 11");
	dies(m);
	waits(c);
	does(c, "noop complete dead-reply");
}
