/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * torture's record of the content of blocks. See shadow.h.
 */
#include <errno.h>

#include "hfnvme.h"
#include "shadow.h"

#define SHOWN_CORRUPT		10u

int shadow_init(const struct locked_shadow *shadow, u64 blocks)
{
	hf_lock(s, shadow);
	hf_try_errno(hf_vec_reserve(&s->blocks, blocks, GFP_KERNEL));
	/* Zeroes are generation 0. */
	for (u64 i = 0; i < blocks; i++)
		hf_try_errno(
			hf_vec_push_within(&s->blocks, (struct shadow_block){ .generations = 1 }));
	return 0;
}

void shadow_fini(struct locked_shadow *shadow)
{
	{
		hf_lock(s, shadow);
		shadow_block_vec_drop(&s->blocks);
	}
	hf_lock_fini(shadow);
}

static bool may_hold(const struct shadow_block *b, u32 generation)
{
	for (u32 i = 0; i < b->generations; i++)
		if (hf_array_at(b->generation, i) == generation)
			return true;
	return false;
}

static struct shadow_block_slice shadow_range(struct shadow *s, struct range r)
{
	return hf_expect(hf_subslice(hf_vec_slice(&s->blocks), r.lba, r.blocks),
			 "ranges lie on the device");
}

bool shadow_take(const struct locked_shadow *shadow, struct range r, bool write)
{
	hf_lock(s, shadow);
	hf_for_each(b, shadow_range(s, r)) {
		if (b->written || (write && b->readers) || b->readers == 0xff)
			return false;
		/* No room for another possible content: the block must be read first. */
		if (write && b->generations == MAX_GENERATIONS)
			return false;
	}
	hf_for_each(b, shadow_range(s, r)) {
		b->written = write;
		b->readers += !write;
	}
	return true;
}

void shadow_written(const struct locked_shadow *shadow, struct range r, u32 generation,
		    enum written how)
{
	hf_lock(s, shadow);
	hf_for_each(b, shadow_range(s, r)) {
		b->written = false;
		if (how == WRITTEN)
			b->generations = 0;
		if (how != WRITTEN_NOT && !may_hold(b, generation))
			hf_array_at(b->generation, b->generations++) = generation;
	}
}

static void complain_corrupt(struct shadow *s, u64 lba, const struct shadow_block *b, s64 found)
{
	if (s->corrupt++ >= SHOWN_CORRUPT)
		return;
	if (found < 0)
		cli_note(
			"block %llu: what was read is no content that was ever written there (should "
			"be generation %u)",
			(unsigned long long)lba, hf_array_at(b->generation, 0));
	else
		cli_note("block %llu: generation %lld was read, should be %u%s",
			    (unsigned long long)lba, (long long)found,
			    hf_array_at(b->generation, 0), b->generations > 1 ? " or another" : "");
}

void shadow_read(const struct locked_shadow *shadow, struct range r, const s64 *found)
{
	u64 lba = r.lba;

	hf_lock(s, shadow);
	hf_for_each(b, shadow_range(s, r)) {
		b->readers--;
		if (found && *found >= 0 && may_hold(b, (u32)*found)) {
			b->generations = 1;
			hf_array_at(b->generation, 0) = (u32)*found;
		} else if (found) {
			complain_corrupt(s, lba, b, *found);
		}
		lba++;
		if (found)
			found++;
	}
}
