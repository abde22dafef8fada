// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an operand borrows what another one of the same call moves
// rule: use-after-move
// compilers: none
// analyzer: use after 'hf_move'
// query: is borrowed here, and may be moved before
#include <holdfast/list.h>
#include <holdfast/lock.h>

struct bio {
	struct hf_link link;
	u64 sector;
	u32 bytes;
};

void bio_free(struct bio *b);
HF_OWN_DEFINE(bio, struct bio, bio_free);
HF_LIST_DEFINE(bios, bio_own, struct bio, link);

struct zone {
	struct bios waiting;
	u64 write_pointer;
};

HF_LOCKED_DEFINE(zone_locked, spinlock, struct zone);

static u32 zone_queue(const struct zone_locked *zone, u64 end, struct bio_own b)
{
	hf_let(bio, one, b);
	hf_lock(z, zone);

	z->write_pointer = end;
	bios_push_back(&z->waiting, hf_move(one));
	return 1;
}

u32 zone_append(const struct zone_locked *zone, struct bio_own given);
u32 zone_append(const struct zone_locked *zone, struct bio_own given)
{
	hf_let(bio, b, given);
#ifdef MISUSE
	return zone_queue(zone, hf_mut(b)->sector + 1, hf_move(b)); /* E */
#else
	const u64 end = hf_mut(b)->sector + 1;

	return zone_queue(zone, end, hf_move(b));
#endif
}
