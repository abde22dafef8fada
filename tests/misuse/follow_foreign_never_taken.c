// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an arc in the private data of a structure of others, which nobody takes out
// rule: owner-ignored
// compilers: none
// checker: nobody takes out what 'unit_of' owns, so it is never dropped: call hf_foreign_take
#include <holdfast/arc.h>
#include <holdfast/foreign.h>

struct client {
	void *data;
};

void *client_get(const struct client *c);
void client_set(struct client *c, void *data);

struct unit {
	struct hf_refs refs;
	u32 id;
};

static void unit_destroy(struct unit *u)
{
	u->id = 0;
}

static void unit_release(struct unit *u)
{
	hf_free(u);
}

HF_ARC_DEFINE(unit, struct unit, refs, unit_destroy, unit_release);
HF_FOREIGN_BY_DEFINE(unit_of, unit_arc, struct client, client_get, client_set);

static void attach(struct client *c, struct unit_arc u)
{
	hf_foreign_store(unit_of, c, u); /* E */
}

int client_probe(struct client *c);
int client_probe(struct client *c)
{
	hf_let_arc(unit, u, hf_try(hf_new_arc(unit, GFP_KERNEL)));

	attach(c, hf_move(u));
	return 0;
}

u32 client_remove(struct client *c);
u32 client_remove(struct client *c)
{
#ifdef MISUSE
	const struct unit *u = hf_foreign_ref(unit_of, c);

	return u->id;
#else
	hf_let_arc(unit, u, hf_expect(hf_foreign_take(unit_of, c), "client_probe() stored it"));

	return hf_ref(u)->id;
#endif
}
