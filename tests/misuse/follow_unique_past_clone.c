// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what hf_arc_unique() lent is written after another reference was made
// rule: borrow-outlives-owner
// compilers: none
// checker: to which there is another reference in line 46
#include <holdfast/arc.h>
#include <holdfast/lock.h>

struct table {
	struct hf_refs refs;
	u32 nr;
	u32 entry[16];
};

void table_destroy(struct table *t);
void table_release(struct table *t);
HF_ARC_DEFINE(table, struct table, refs, table_destroy, table_release);

struct device {
	struct table_arc table;
};

HF_LOCKED_DEFINE(device_locked, spinlock, struct device);

static void table_add(struct table *t, u32 entry)
{
	if (t->nr < 16)
		t->entry[t->nr++] = entry; /* E */
}

static void device_use(const struct device_locked *device, struct table_arc given)
{
	hf_let_arc(table, t, given);
	hf_lock(d, device);
	hf_let_arc(table, old, hf_replace(d->table, hf_move(t)));
}

int device_load(const struct device_locked *device, u32 first, u32 second);
int device_load(const struct device_locked *device, u32 first, u32 second)
{
	hf_let_arc(table, t, hf_try(hf_new_arc(table, GFP_KERNEL)));
	struct table *const fresh = hf_try(hf_arc_unique(t));

	table_add(fresh, first);
#ifdef MISUSE
	device_use(device, hf_clone(t));
	table_add(fresh, second);
#else
	table_add(fresh, second);
	device_use(device, hf_clone(t));
#endif
	return 0;
}
