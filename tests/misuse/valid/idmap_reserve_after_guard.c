// SPDX-License-Identifier: GPL-2.0-only OR MIT
// A number is reserved without the lock, behind a guard of the same data that has ended.
#include <holdfast/idmap.h>
#include <holdfast/map.h>
#include <holdfast/num.h>

struct ref {
	struct hf_map_link link;
	const u32 key;
	u32 handle;
};

static void ref_free(struct ref *r)
{
	hf_free(r);
}

HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_MAP_DEFINE(ref_map, ref_own, struct ref, link, key, hf_compare);
HF_IDMAP_DEFINE(handles, ref_own);

struct refs {
	struct handles by_handle;
	struct ref_map by_key;
};
HF_LOCKED_DEFINE(locked_refs, mutex, struct refs);

struct proc {
	struct locked_refs refs;
};

static struct u32_result known(const struct proc *p, u32 key)
{
	hf_lock(g, &p->refs);

	return hf_ok(u32, hf_try_in(u32, ref_map_find(&g->by_key, key))->handle);
}

int proc_add(const struct proc *p, u32 key)
{
	const struct u32_result old = known(p, key);

	if (hf_errno(old) != -ENOENT)
		return hf_errno(old);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, hf_idmap_of(&p->refs, by_handle), GFP_KERNEL)));
	const u32 handle = hf_token_value(slot).id;
	struct ref_own_result fresh = hf_new(ref, GFP_KERNEL);

	if (hf_is_ok(fresh)) {
		hf_let(ref, r, hf_expect(fresh, "it is ok"));
		hf_mut(r)->handle = handle;
		ref_map_set_key(hf_mut(r), key);
		hf_lock(g, &p->refs);
		handles_fill(&g->by_handle, hf_pass(slot), hf_move(r));
		return (int)(handle & 0xffff);
	}
	handles_give_back(hf_pass(slot));
	return -ENOMEM;
}
