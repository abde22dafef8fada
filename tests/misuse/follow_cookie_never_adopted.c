// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a leaked owner is kept in a slot of the file's own, and nobody makes it an owner again
// rule: owner-ignored
// compilers: none
// checker: 'tag' gets what 'b' owned, and nothing in this file makes it an owner again
#include <holdfast/own.h>
#include <holdfast/slice.h>

struct bio {
	u32 sector;
	int status;
};

void bio_free(struct bio *b);
HF_OWN_DEFINE(bio, struct bio, bio_free);

struct disk {
	struct {
		struct bio *tag;
	} slot[8];
	u32 errors;
};

int disk_start(struct disk *d, u32 i, struct bio_own given);
int disk_start(struct disk *d, u32 i, struct bio_own given)
{
	hf_let(bio, b, given);

	if (hf_array_at(d->slot, i).tag)
		return -EBUSY;
	/* SAFETY: disk_done() finds it there. */
	hf_array_at(d->slot, i).tag = hf_leak(b); /* E */
	return 0;
}

void disk_done(struct disk *d, u32 i, int status);
void disk_done(struct disk *d, u32 i, int status)
{
	struct bio *const raw = hf_array_at(d->slot, i).tag;

	if (!raw)
		return;
	hf_array_at(d->slot, i).tag = NULL;
	raw->status = status;
	d->errors += raw->status != 0;
#ifdef MISUSE
#else
	/* SAFETY: disk_start() leaked it. */
	hf_let(bio, b, hf_adopt_unchecked(bio, raw));
#endif
}
