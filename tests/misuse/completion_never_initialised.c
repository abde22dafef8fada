// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a completion that is waited for and initialised nowhere
// rule: lock-not-initialised
// compilers: none
// query: 'done' is used in this file, and initialised nowhere
#include <holdfast/wait.h>

struct request {
	u32 id;
#ifdef MISUSE
	struct hf_completion done; /* E */
#else
	struct hf_completion done;
#endif
};

void request_finish(const struct request *r);
void request_finish(const struct request *r)
{
	hf_complete(&r->done);
}

void submit(const struct request *r);

void request_run(u32 id);
void request_run(u32 id)
{
	struct request r = { .id = id };

#ifndef MISUSE
	hf_completion_init(&r.done);
#endif
	submit(&r);
	hf_completion_wait(&r.done);
}
