// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an object is removed from its list by a pointer that stays in a table
// rule: borrow-outlives-owner
// compilers: none
// checker: owner' still points to what belongs to 'gone'
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct client {
	struct hf_link link;
	u32 id, errors;
};

static void client_free(struct client *c)
{
	hf_link_fini(&c->link);
	hf_free(c);
}

HF_OWN_DEFINE(client, struct client, client_free);
HF_LIST_DEFINE(clients, client_own, struct client, link);

struct arbiter_state {
	struct clients all;
	struct client *owner;	/* of the bus, or NULL */
};

HF_LOCKED_DEFINE(locked_arbiter, mutex, struct arbiter_state);

int arbiter_kill_owner(const struct locked_arbiter *arbiter);
int arbiter_kill_owner(const struct locked_arbiter *arbiter)
{
	hf_lock(a, arbiter);

	if (!a->owner)
		return -ENOENT;
	hf_let(client, gone, hf_try(clients_remove(&a->all, a->owner)));
#ifdef MISUSE
	return hf_ref(gone)->errors ? -EIO : 0; /* E */
#else
	a->owner = NULL;
	return hf_ref(gone)->errors ? -EIO : 0;
#endif
}
