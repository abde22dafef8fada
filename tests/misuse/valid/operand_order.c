// SPDX-License-Identifier: GPL-2.0-only OR MIT
// What the operands of one expression may do with owners; owners that are dropped unseen.
#include <holdfast/arc.h>
#include <holdfast/list.h>
#include <holdfast/work.h>

struct bio {
	struct hf_link link;
	u64 sector;
	bool ready;
};

void bio_free(struct bio *b);
HF_OWN_DEFINE(bio, struct bio, bio_free);
HF_LIST_DEFINE(bios, bio_own, struct bio, link);
bool zone_queue(struct bios *zone, u64 end, struct bio_own b);

struct split {
	u64 at;
	struct bio_own rest;
};

bool zone_append(struct bios *zone, struct bio_own given, struct bio_own other);
bool zone_append(struct bios *zone, struct bio_own given, struct bio_own other)
{
	hf_let(bio, b, given);
	hf_let(bio, o, other);

	/* Of another owner. */
	if (zone_queue(zone, hf_ref(b)->sector, hf_move(o)))
		return true;
	/* One after the other. */
	return hf_ref(b)->ready && zone_queue(zone, 0, hf_move(b));
}

u64 zone_split(struct bio_own given);
u64 zone_split(struct bio_own given)
{
	hf_let(bio, b, given);
	const u64 at = hf_ref(b)->sector;
	struct split s = { .at = at, .rest = hf_move(b) };
	const u64 end = hf_ref(s.rest)->sector;

	bio_own_drop(&s.rest);
	return end + s.at;
}

struct keyboard {
	struct hf_refs refs;
	struct hf_work work;
	u32 leds;
};

void keyboard_destroy(struct keyboard *k);
void keyboard_release(struct keyboard *k);
HF_ARC_DEFINE(keyboard, struct keyboard, refs, keyboard_destroy, keyboard_release);
HF_WORK_DEFINE(keyboard_leds, keyboard_arc, struct keyboard, work, write_leds);

static void write_leds(struct keyboard_arc given)
{
	hf_let_arc(keyboard, k, given);

	(void)k;
}

bool keyboard_quiesce(const struct keyboard *k, struct bios *done);
bool keyboard_quiesce(const struct keyboard *k, struct bios *done)
{
	hf_drop_ok(bio_own, bios_pop_front(done));
	return hf_drop_ok(keyboard_arc, hf_work_cancel_wait(keyboard_leds, k)) == 0;
}
