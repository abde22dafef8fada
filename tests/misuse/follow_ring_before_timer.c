// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a ring that a timer's data borrows ends before the timer, in a helper
// rule: callback-outlives-data
// compilers: none
// checker: ring' ends here, and 'scan_tick' may still use it by 'into'
#include <holdfast/slice.h>
#include <holdfast/timer.h>

struct ring {
	u32 next, value[64];
};

void ring_free(struct ring *r);
HF_OWN_DEFINE(ring, struct ring, ring_free);

struct scan {
	struct ring *into;
};

void scan_free(struct scan *s);
HF_OWN_DEFINE(scan, struct scan, scan_free);
HF_TIMER_DEFINE(scan_timer, hrtimer, scan_own, scan_tick);

u32 scan_value(void);

static struct hf_timer_next scan_tick(struct scan *s)
{
	hf_array_at(s->into->value, s->into->next++ % 64) = scan_value();
	return hf_timer_again_in(1000000);
}

struct scanner {
	struct ring_own ring;
	struct scan_timer_own timer;
};

int scanner_start(struct scanner *to);
int scanner_start(struct scanner *to)
{
	hf_let(ring, r, hf_try(hf_new(ring, GFP_KERNEL)));
	hf_let(scan, s, hf_try(hf_new(scan, GFP_KERNEL)));

	hf_mut(s)->into = hf_mut(r);
	hf_try_errno(hf_set_ok(to->timer, hf_timer_new(scan_timer, hf_move(s), GFP_KERNEL)));
	hf_set(to->ring, hf_move(r));
	hf_timer_start(hf_ref(to->timer), 1000000);
	return 0;
}

static void scanner_free_memory(struct scanner *s)
{
	ring_own_drop(&s->ring); /* E */
}

void scanner_stop(struct scanner *s);
void scanner_stop(struct scanner *s)
{
#ifdef MISUSE
	scanner_free_memory(s);
	scan_timer_own_drop(&s->timer);
#else
	scan_timer_own_drop(&s->timer);
	scanner_free_memory(s);
#endif
}
