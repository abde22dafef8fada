// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Objects by number.  The raw side uses the same array by hand (XArray, in userspace Judy), as there is no other way
 * to reserve a number.  The lock of the caller is left out: it costs both sides the same.
 */
#include "../bench.h"

#define OPS	256u
#define INSERTS	64u

struct ref {
	u32 handle;
	u32 value;
};

/* The objects lie in the arena, or are static. */
static void ref_free(struct ref *r)
{
	(void)r;
}

HF_OWN_DEFINE(ref, struct ref, ref_free);
HF_IDMAP_DEFINE(handles, ref_own);

/* --- find: the first call fills the maps, with every other number ---------------------------------- */

static struct ref refs[2][OPS];
static struct hf_sys_ids raw_map;
static struct handles hf_map;
static bool raw_made, hf_made;

static HF_MUST_USE int raw_id_make(void)
{
	if (raw_made)
		return 0;
	hf_sys_ids_init(&raw_map, 1, 2 * OPS, HF_SYS_LOCK_CLASS("raw_map"));
	raw_made = true;
	for (u32 i = 0; i < 2 * OPS; i++) {
		u32 id;
		const int err = hf_sys_ids_reserve(&raw_map, &id, GFP_KERNEL);

		if (err)
			return err;
		if (i % 2)
			continue;
		refs[0][i / 2] = (struct ref){ .handle = id, .value = id * 31 };
		hf_sys_ids_fill(&raw_map, id, &refs[0][i / 2]);
	}
	return 0;
}

static struct handles_token unused[OPS];

static HF_MUST_USE int hf_id_make(void)
{
	if (hf_made)
		return 0;
	handles_init(&hf_map, 1, 2 * OPS);
	hf_made = true;
	for (u32 i = 0; i < 2 * OPS; i++) {
		hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &hf_map.ids, GFP_KERNEL)));
		const u32 id = hf_token_value(slot).id;

		if (i % 2) {
			hf_token_set(unused[i / 2], hf_pass(slot));
			continue;
		}
		refs[1][i / 2] = (struct ref){ .handle = id, .value = id * 31 };
		/* SAFETY: nobody else owns it. */
		handles_fill(&hf_map, hf_pass(slot), hf_adopt_unchecked(ref, &refs[1][i / 2]));
	}
	return 0;
}

void bench_idmap_end(void)
{
	if (raw_made) {
		for (u32 id = 1; id <= 2 * OPS; id++)
			if (!hf_sys_ids_remove(&raw_map, id))
				hf_sys_ids_give_back(&raw_map, id);
		hf_sys_ids_fini(&raw_map);
		raw_made = false;
	}
	if (hf_made) {
		for (u32 i = 0; i < OPS; i++)
			handles_give_back(hf_token_take(unused[i]));
		handles_clear(&hf_map);
		handles_fini(&hf_map);
		hf_made = false;
	}
}

BENCH_CALL static s64 raw_id_find_one(u32 id)
{
	const struct ref *r = hf_sys_ids_find(&raw_map, id);

	return r ? (s64)r->value : -ENOENT;
}

s64 raw_id_find(const struct bench_in *in)
{
	const int err = raw_id_make();
	s64 sum = 0;

	if (err)
		return err;
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += raw_id_find_one(in->words[i] % (2 * OPS + 1));
	return sum;
}

BENCH_CALL static s64 hf_id_find_one(u32 id)
{
	return hf_try(handles_find(&hf_map, id))->value;
}

s64 hf_id_find(const struct bench_in *in)
{
	const int err = hf_id_make();
	s64 sum = 0;

	if (err)
		return err;
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += hf_id_find_one(in->words[i] % (2 * OPS + 1));
	return sum;
}

/* --- reserve and fill, then remove in another order ------------------------------------------------ */

#define STRIDE	37u		/* a prime, so the steps reach every number */

BENCH_CALL static int raw_id_insert(struct hf_sys_ids *m, struct ref *r)
{
	u32 id;
	const int err = hf_sys_ids_reserve(m, &id, GFP_KERNEL);

	if (err)
		return err;
	r->handle = id;
	hf_sys_ids_fill(m, id, r);
	return 0;
}

BENCH_CALL static s64 raw_id_remove(struct hf_sys_ids *m, u32 id)
{
	const struct ref *r = hf_sys_ids_remove(m, id);

	return r ? (s64)r->handle + r->value : -ENOENT;
}

s64 raw_id_insert_remove(const struct bench_in *in)
{
	struct ref *const x = in->arena;
	const u32 n = in->n < INSERTS ? (u32)in->n : INSERTS;
	struct hf_sys_ids m;
	s64 sum = 0;
	int err = 0;

	hf_sys_ids_init(&m, 0, INSERTS - 1, HF_SYS_LOCK_CLASS("m"));
	for (u32 i = 0; i < n && !err; i++) {
		x[i].value = in->words[i];
		err = raw_id_insert(&m, &x[i]);
	}
	for (u32 i = 0; i < INSERTS; i++)
		sum += raw_id_remove(&m, i * STRIDE % INSERTS);
	hf_sys_ids_fini(&m);
	return err ? err : sum;
}

BENCH_CALL static int hf_id_insert(struct handles *m, struct ref_own arg)
{
	hf_let(ref, r, arg);
	hf_owe(handles, slot, hf_try(hf_reserve_id(handles, &m->ids, GFP_KERNEL)));

	hf_mut(r)->handle = hf_token_value(slot).id;
	handles_fill(m, hf_pass(slot), hf_move(r));
	return 0;
}

BENCH_CALL static s64 hf_id_remove(struct handles *m, u32 id)
{
	hf_let(ref, r, hf_try(handles_remove(m, id)));

	return (s64)hf_ref(r)->handle + hf_ref(r)->value;
}

s64 hf_id_insert_remove(const struct bench_in *in)
{
	struct ref *const x = in->arena;
	const u32 n = in->n < INSERTS ? (u32)in->n : INSERTS;
	struct handles m;
	s64 sum = 0;
	int err = 0;

	handles_init(&m, 0, INSERTS - 1);
	for (u32 i = 0; i < n && !err; i++) {
		x[i].value = in->words[i];
		/* SAFETY: nobody else owns the arena's elements. */
		err = hf_id_insert(&m, hf_adopt_unchecked(ref, &x[i]));
	}
	for (u32 i = 0; i < INSERTS; i++)
		sum += hf_id_remove(&m, i * STRIDE % INSERTS);
	handles_fini(&m);
	return err ? err : sum;
}
