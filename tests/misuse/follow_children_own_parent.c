// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: each of the children that an object owns has a reference to it
// rule: callback-outlives-data
// compilers: none
// checker: which would hold a reference to it, so neither is ever dropped
#include <holdfast/arc.h>
#include <holdfast/slice.h>

struct lane;
void lane_free(struct lane *l);
HF_OWN_DEFINE(lane, struct lane, lane_free);

struct lane_table {
	struct lane_own lane[4];
};

void lane_table_free(struct lane_table *t);
HF_OWN_DEFINE(lane_table, struct lane_table, lane_table_free);

struct bundle {
	struct hf_refs refs;
	struct lane_table_own lanes;
};

void bundle_destroy(struct bundle *b);
void bundle_release(struct bundle *b);
HF_ARC_DEFINE(bundle, struct bundle, refs, bundle_destroy, bundle_release);

struct lane {
#ifdef MISUSE
	struct bundle_arc bundle;
#else
	struct bundle_weak bundle;
#endif
	u32 nr;
};

static int bundle_fill(struct lane_table *t, const struct bundle_arc *b)
{
	for (u32 i = 0; i < 4; i++) {
		hf_let(lane, l, hf_try(hf_new(lane, GFP_KERNEL)));

		hf_mut(l)->nr = i;
#ifdef MISUSE
		hf_set(hf_mut(l)->bundle, hf_clone(*b)); /* E */
#else
		hf_set(hf_mut(l)->bundle, hf_downgrade(bundle, *b));
#endif
		hf_set(hf_array_at(t->lane, i), hf_move(l));
	}
	return 0;
}

struct bundle_arc_result bundle_new(void);
struct bundle_arc_result bundle_new(void)
{
	hf_let_arc(bundle, b, hf_try_in(bundle_arc, hf_new_arc(bundle, GFP_KERNEL)));
	hf_let(lane_table, t, hf_try_in(bundle_arc, hf_new(lane_table, GFP_KERNEL)));
	struct bundle *const made = hf_try_in(bundle_arc, hf_arc_unique(b));

	hf_try_errno_in(bundle_arc, bundle_fill(hf_mut(t), &b));
	hf_set(made->lanes, hf_move(t));
	return hf_ok(bundle_arc, hf_move(b));
}
