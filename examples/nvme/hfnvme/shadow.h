/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The record of a torture: which content every block of the device may have.
 *
 * That is one generation, until a write ends with an error: then the block may be old or new, until
 * it is read or written again. Blocks that a command writes are no other command's meanwhile.
 */
#ifndef EXAMPLES_NVME_HFNVME_SHADOW_H
#define EXAMPLES_NVME_HFNVME_SHADOW_H

#include <holdfast/holdfast.h>

#define MAX_GENERATIONS		4u

struct shadow_block {
	u32 generation[MAX_GENERATIONS];	/* what it may hold; 0: zeroes */
	u8 generations;
	u8 readers;				/* commands in flight */
	bool written;				/* by a command in flight */
};

HF_SLICE_DEFINE(shadow_block, struct shadow_block);
HF_VEC_DEFINE(shadow_block);

struct shadow {
	struct shadow_block_vec blocks;
	u64 corrupt;
};

HF_LOCKED_DEFINE(locked_shadow, mutex, struct shadow);

struct range {
	u64 lba;
	u32 blocks;
};

enum written {
	WRITTEN_NOT,			/* not even submitted */
	WRITTEN_PERHAPS,
	WRITTEN,
};

/* Of so many blocks, all zeroes: 0, -ENOMEM. The lock is there already. */
int shadow_init(const struct locked_shadow *shadow, u64 blocks) HF_EXCLUDES(shadow);
/* The end of the record and of its lock. */
void shadow_fini(struct locked_shadow *shadow) HF_EXCLUDES(shadow);

/* Reserve blocks for a command; false if another has them. */
bool shadow_take(const struct locked_shadow *shadow, struct range r, bool write)
	HF_EXCLUDES(shadow);
/* A command that writes is done. */
void shadow_written(const struct locked_shadow *shadow, struct range r, u32 generation,
		    enum written how) HF_EXCLUDES(shadow);
/* A Read is done, and found these generations, -1 being none that ever was; NULL: it failed. */
void shadow_read(const struct locked_shadow *shadow, struct range r, const s64 *found)
	HF_EXCLUDES(shadow);

#endif /* EXAMPLES_NVME_HFNVME_SHADOW_H */
