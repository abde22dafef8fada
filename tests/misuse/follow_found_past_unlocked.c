// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object of a map of numbers is used after the lock was given up for a while
// rule: guard-escapes
// compilers: none
// checker: uses a pointer to what belongs to 'h', whose lock was released
#include <holdfast/idmap.h>
#include <holdfast/lock.h>

struct handle {
	u32 flags;
	u64 bytes;
};

void handle_free(struct handle *h);
HF_OWN_DEFINE(handle, struct handle, handle_free);
HF_IDMAP_DEFINE(handles, handle_own);

struct host {
	struct handles by_id;
	u32 flushed;
};

HF_LOCKED_DEFINE(host_locked, mutex, struct host);
int host_flush(u64 id) HF_SLEEPS;

static const struct handle *host_find(const struct host *h, u64 id)
{
	return hf_ok_or(handles_find(&h->by_id, id), NULL);
}

int host_sync(const struct host_locked *host, u64 id, u64 *bytes);
int host_sync(const struct host_locked *host, u64 id, u64 *bytes)
{
	hf_lock(h, host);
	const struct handle *found = host_find(h, id);

	if (!found)
		return -ENOENT;
	{
		hf_unlocked(h);
		hf_try_errno(host_flush(id));
	}
	h->flushed++;
#ifdef MISUSE
	*bytes = found->bytes; /* E */
#else
	found = host_find(h, id);
	if (!found)
		return -ENOENT;
	*bytes = found->bytes;
#endif
	return 0;
}
