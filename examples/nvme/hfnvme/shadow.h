/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * torture's record of the content that each block may have.
 *
 * That is one generation. After a write that failed the block may have the old or the new content,
 * until it is read or written again. No other command uses blocks that a command in flight writes.
 */
#ifndef EXAMPLES_NVME_HFNVME_SHADOW_H
#define EXAMPLES_NVME_HFNVME_SHADOW_H

#include <holdfast/holdfast.h>

#define MAX_GENERATIONS		4u

struct shadow_block {
	u32 generation[MAX_GENERATIONS];	/* possible content; 0: zeroes */
	u8 generations;
	u8 readers;				/* commands in flight */
	bool written;				/* a command in flight writes it */
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
	WRITTEN_NOT,			/* the command was not submitted */
	WRITTEN_PERHAPS,
	WRITTEN,
};

/* A record of so many blocks, all zeroes: 0, -ENOMEM. The lock is initialised. */
int shadow_init(const struct locked_shadow *shadow, u64 blocks) HF_EXCLUDES(shadow);
/* Also ends the lock. */
void shadow_fini(struct locked_shadow *shadow) HF_EXCLUDES(shadow);

/* Reserve blocks for a command; false if another command uses them. */
bool shadow_take(const struct locked_shadow *shadow, struct range r, bool write)
	HF_EXCLUDES(shadow);
/* A command that writes has ended. */
void shadow_written(const struct locked_shadow *shadow, struct range r, u32 generation,
		    enum written how) HF_EXCLUDES(shadow);
/* A Read found these generations (-1: invalid content); NULL: it failed. */
void shadow_read(const struct locked_shadow *shadow, struct range r, const s64 *found)
	HF_EXCLUDES(shadow);

#endif /* EXAMPLES_NVME_HFNVME_SHADOW_H */
