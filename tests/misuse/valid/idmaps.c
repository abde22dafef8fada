// SPDX-License-Identifier: GPL-2.0-only OR MIT
// Maps from numbers to objects: reserved outside the lock and filled inside, looked up, drained.
#include <holdfast/arc.h>
#include <holdfast/idmap.h>

struct ref {
	u32 handle;
	int uses;
};

void ref_free(struct ref *r);
HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

struct refs {
	struct handles by_handle;
	u32 n;
};

HF_LOCKED_DEFINE(locked_refs, spinlock, struct refs);

struct proc {
	struct locked_refs refs;
};

int insert(const struct proc *p, struct ref_own arg);
int insert(const struct proc *p, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(&p->refs, by_handle), GFP_KERNEL)));
	const u32 id = hf_token_value(slot).id;

	hf_mut(r)->handle = id;
	hf_lock(g, &p->refs);
	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
	g->n++;
	return (int)id;
}

/* The lock decides whether the number is wanted at all. */
int insert_one(const struct proc *p, struct ref_own arg);
int insert_one(const struct proc *p, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(&p->refs, by_handle), GFP_KERNEL)));
	hf_lock(g, &p->refs);

	if (g->n) {
		handles_give_back(hf_pass(slot));
		return -EEXIST;
	}
	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
	return 0;
}

/* Under the lock, by flags that do not sleep. */
int insert_now(struct refs *g, struct ref_own arg);
int insert_now(struct refs *g, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &g->by_handle.ids, GFP_ATOMIC)));

	handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
	return 0;
}

/* A helper that is given the obligation. */
void finish(struct handles *m, struct handles_token arg, struct ref_own r);
void finish(struct handles *m, struct handles_token arg, struct ref_own r)
{
	hf_owe(handles, slot, arg);

	handles_fill(m, hf_pass(slot), r);
}

int use(const struct proc *p, u32 id);
int use(const struct proc *p, u32 id)
{
	hf_lock(g, &p->refs);
	struct ref *r = hf_try(handles_find_mut(&g->by_handle, id));

	return ++r->uses;
}

int close_one(const struct proc *p, u32 id);
int close_one(const struct proc *p, u32 id)
{
	hf_lock(g, &p->refs);
	hf_let(ref, r, hf_try(handles_remove(&g->by_handle, id)));

	g->n--;
	return hf_ref(r)->uses;
}

/* What was lent is there as long as the owner is. */
int replace(struct handles *m, u32 id, struct ref_own arg);
int replace(struct handles *m, u32 id, struct ref_own arg)
{
	hf_let(ref, next, arg);
	const struct ref *r = hf_try(handles_find(m, id));
	hf_let(ref, gone, hf_try(handles_remove(m, id)));
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &m->ids, GFP_ATOMIC)));

	hf_mut(next)->uses = r->uses;
	handles_fill(m, hf_pass(slot), hf_move(next));
	hf_drop(ref, gone);
	r = hf_try(handles_find(m, id));
	return r->uses;
}

int sum(const struct proc *p);
int sum(const struct proc *p)
{
	const struct ref *r;
	int n = 0;
	hf_lock(g, &p->refs);

	for (u64 at = 0; (r = handles_next(&g->by_handle, &at));)
		n += r->uses;
	return n;
}

int drop_unused(struct handles *m);
int drop_unused(struct handles *m)
{
	const struct ref *r;

	for (u64 at = 0; (r = handles_next(m, &at));)
		if (!r->uses) {
			hf_let(ref, unused, hf_try(handles_remove(m, at - 1)));
		}
	return 0;
}

static struct ref_own_result first(const struct proc *p)
{
	hf_lock(g, &p->refs);

	return handles_pop_first(&g->by_handle);
}

/* What is removed ends without the lock. */
void drain(const struct proc *p);
void drain(const struct proc *p)
{
	for (bool more = true; more;) {
		hf_let(ref, r, hf_empty(ref_own));

		more = !hf_set_ok(r, first(p));
	}
}

void proc_free(struct proc *p);
void proc_free(struct proc *p)
{
	/* SAFETY: nobody else has it. */
	struct refs *g = hf_lock_get_mut_unchecked(&p->refs);

	handles_clear(&g->by_handle);
	handles_fini(&g->by_handle);
	hf_lock_fini(&p->refs);
	hf_free(p);
}

/* --- shared objects, readers at once --------------------------------------------------------------- */

struct node {
	struct hf_refs refs;
	u32 id;
};

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_DEFINE(node, struct node, refs, node_destroy, node_release);
HF_IDMAP_DEFINE(node_ids, node_arc);

struct table {
	struct node_ids by_id;
};

HF_LOCKED_DEFINE(locked_table, rwlock, struct table);

struct node_arc_result node_find(const struct locked_table *l, u64 id);
struct node_arc_result node_find(const struct locked_table *l, u64 id)
{
	hf_read_lock(t, l);

	return hf_ok(node_arc, hf_arc_from(node, hf_try_in(node_arc, node_ids_find(&t->by_id, id))));
}

int node_add(const struct locked_table *l, const struct node_arc *n);
int node_add(const struct locked_table *l, const struct node_arc *n)
{
	hf_owe(node_ids, slot, hf_try(hf_reserve_id(node_ids, hf_idmap_of(l, by_id), GFP_KERNEL)));
	hf_write_lock(t, l);

	node_ids_fill(&t->by_id, hf_pass(slot), hf_clone(*n));
	return 0;
}
