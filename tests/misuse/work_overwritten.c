// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object whose item may be queued overwritten
// rule: pinned-copied
// expect-gcc: assignment of read-only location|read-only
// expect-clang: cannot assign|const-qualified
// explained: const-written
#include <holdfast/own.h>
#include <holdfast/work.h>

struct request {
	struct hf_work work;
	int tag;
};

void request_free(struct request *r);
HF_OWN_DEFINE(request, struct request, request_free);
HF_WORK_DEFINE(request_work, request_own, struct request, work, work_on);

void reset(struct request *r, const struct request *fresh);
void reset(struct request *r, const struct request *fresh)
{
#ifdef MISUSE
	*r = *fresh; /* E */
#else
	r->tag = fresh->tag;
#endif
}

static void work_on(struct request_own given)
{
	hf_let(request, req, given);
}
