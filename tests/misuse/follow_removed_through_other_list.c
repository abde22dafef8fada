// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a request is removed through another list than the one that it was found in
// rule: list-foreign-removal
// compilers: none
// checker: running' has this element, and .*waiting' has not
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct req {
	struct hf_link link;
	u32 tag;
};

void req_free(struct req *r);
HF_OWN_DEFINE(req, struct req, req_free);
HF_LIST_DEFINE(reqs, req_own, struct req, link);

struct host_state {
	struct reqs waiting, running;
};

HF_LOCKED_DEFINE(locked_host, spinlock_irq, struct host_state);

static struct req *host_find(struct host_state *h, u32 tag)
{
	hf_list_cursor(at, &h->running);

	for (struct req *r; (r = reqs_next(&at));)
		if (r->tag == tag)
			return r;
	return NULL;
}

int host_complete(const struct locked_host *host, u32 tag);
int host_complete(const struct locked_host *host, u32 tag)
{
	hf_lock(h, host);
	struct req *const r = host_find(h, tag);

	if (!r)
		return -ENOENT;
#ifdef MISUSE
	return hf_drop_ok(req_own, reqs_remove(&h->waiting, r)); /* E */
#else
	return hf_drop_ok(req_own, reqs_remove(&h->running, r));
#endif
}
