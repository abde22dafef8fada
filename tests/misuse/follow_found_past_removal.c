// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a borrow of what a map found, after a helper removed it by the same key
// rule: borrow-outlives-owner
// compilers: none
// checker: uses a pointer to what belongs to 'gone'
#include <holdfast/map.h>

struct lease {
	const u32 address;
	struct hf_map_link link;
	u32 pool, holds;
};

void lease_free(struct lease *l);
HF_OWN_DEFINE(lease, struct lease, lease_free);
HF_MAP_DEFINE(leases, lease_own, struct lease, link, address, hf_compare);

struct server {
	struct leases leases;
	u32 freed[8];
};

void server_log(u32 address);

static int server_forget(struct server *s, u32 address)
{
	hf_let(lease, gone, hf_try(leases_remove_key(&s->leases, address)));

	return hf_ref(gone)->holds ? -EBUSY : 0;
}

int server_release(struct server *s, u32 address);
int server_release(struct server *s, u32 address)
{
	const struct lease *const l = hf_try(leases_find(&s->leases, address));

	if (l->holds)
		return -EBUSY;
	server_log(l->address);
#ifdef MISUSE
	hf_try_errno(server_forget(s, address));
	s->freed[l->pool & 7]++; /* E */
#else
	s->freed[l->pool & 7]++;
	hf_try_errno(server_forget(s, address));
#endif
	return 0;
}
