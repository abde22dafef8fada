// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Callbacks and what they use, members that are taken out and set again, counts, and leaks with a reason. */
#include <holdfast/holdfast.h>

/* --- a work item and what it reads -------------------------------------------------------------- */

struct calib {
	u32 offset;
};

static void calib_free(struct calib *c)
{
	hf_free(c);
}

HF_OWN_DEFINE(calib, struct calib, calib_free);

struct probe {
	struct hf_refs refs;
	struct hf_work once;
	const struct calib *cal;
};

static void probe_destroy(struct probe *p)
{
	p->cal = NULL;
}

static void probe_release(struct probe *p)
{
	hf_free(p);
}

HF_ARC_DEFINE(probe, struct probe, refs, probe_destroy, probe_release);
HF_WORK_DEFINE(probe_once, probe_arc, struct probe, once, probe_run);

void adc_report(u32 value);

static void probe_run(struct probe_arc given)
{
	hf_let_arc(probe, p, given);

	adc_report(hf_ref(p)->cal->offset);
}

struct adc {
	struct hf_workqueue_own queue;
	struct calib_own cal;
	struct probe_arc probe;
};

void adc_kick(const struct adc *a);
void adc_kick(const struct adc *a)
{
	hf_work_queue(probe_once, hf_ref(a->queue), hf_clone(a->probe));
}

/* The workqueue waits for the item. */
void adc_remove(struct adc *a);
void adc_remove(struct adc *a)
{
	hf_workqueue_own_drop(&a->queue);
	calib_own_drop(&a->cal);
	probe_arc_drop(&a->probe);
}

/* --- two owners of one type: which one the timer uses, the file says ------------------------------ */

struct ring {
	u32 next, value[16];
};

static void ring_free(struct ring *r)
{
	hf_free(r);
}

HF_OWN_DEFINE(ring, struct ring, ring_free);

struct scan {
	struct ring *into;
};

static void scan_free(struct scan *s)
{
	hf_free(s);
}

HF_OWN_DEFINE(scan, struct scan, scan_free);
HF_TIMER_DEFINE(scan_timer, hrtimer, scan_own, scan_tick);

static struct hf_timer_next scan_tick(struct scan *s)
{
	hf_array_at(s->into->value, s->into->next++ % 16) = 1;
	return hf_timer_again_in(1000000);
}

struct scanner {
	struct ring_own fast, spare;
	struct scan_timer_own timer;
};

int scanner_start(struct scanner *to);
int scanner_start(struct scanner *to)
{
	hf_let(ring, r, hf_try(hf_new(ring, GFP_KERNEL)));
	hf_let(ring, s, hf_try(hf_new(ring, GFP_KERNEL)));
	hf_let(scan, data, hf_try(hf_new(scan, GFP_KERNEL)));

	hf_mut(data)->into = hf_mut(r);
	hf_try_errno(hf_set_ok(to->timer, hf_timer_new(scan_timer, hf_move(data), GFP_KERNEL)));
	hf_set(to->fast, hf_move(r));
	hf_set(to->spare, hf_move(s));
	hf_timer_start(hf_ref(to->timer), 1000000);
	return 0;
}

void scanner_stop(struct scanner *s);
void scanner_stop(struct scanner *s)
{
	ring_own_drop(&s->spare);
	scan_timer_own_drop(&s->timer);
	ring_own_drop(&s->fast);
}

/* --- members ---------------------------------------------------------------------------------------- */

int chip_busy(void);
int chip_program(const u32 *from);

/* Taken out and set again on every way. */
int chip_write(struct scanner *c);
int chip_write(struct scanner *c)
{
	hf_let(ring, r, hf_take(c->fast));

	if (chip_busy()) {
		hf_set(c->fast, hf_move(r));
		return -EBUSY;
	}
	hf_mut(r)->next = 0;
	hf_set(c->fast, hf_move(r));
	return 0;
}

int chip_flush(struct scanner *c);
int chip_flush(struct scanner *c)
{
	return chip_program(hf_ref(c->fast)->value);
}

struct mbox_state {
	struct ring_own request;
	bool busy;
	u32 sent;
};

HF_LOCKED_DEFINE(locked_mbox, mutex, struct mbox_state);

/* Another member says whether one is under way. */
int mbox_send(const struct locked_mbox *mbox, struct ring_own given);
int mbox_send(const struct locked_mbox *mbox, struct ring_own given)
{
	hf_let(ring, r, given);
	hf_lock(s, mbox);

	if (s->busy)
		return -EBUSY;
	s->busy = true;
	hf_set(s->request, hf_move(r));
	s->sent++;
	return 0;
}

/* Set once. */
int mbox_init(const struct locked_mbox *mbox, struct ring_own given);
int mbox_init(const struct locked_mbox *mbox, struct ring_own given)
{
	hf_let(ring, r, given);
	hf_lock(s, mbox);

	hf_set(s->request, hf_move(r));
	return 0;
}

/* --- counts ------------------------------------------------------------------------------------------ */

struct codec_state {
	u32 opens, tries;
};

HF_LOCKED_DEFINE(locked_codec, mutex, struct codec_state);

int codec_power(bool on);

int codec_open(const struct locked_codec *codec);
int codec_open(const struct locked_codec *codec)
{
	int err;

	hf_lock(c, codec);
	c->tries++;
	if (c->opens++)
		return 0;
	err = codec_power(true);
	if (err)
		c->opens--;
	return err;
}

/* Later calls do nothing, also after an error. */
int codec_limit(const struct locked_codec *codec);
int codec_limit(const struct locked_codec *codec)
{
	hf_lock(c, codec);
	if (c->tries++ > 3)
		return -EAGAIN;
	return codec_power(false);
}

struct u16_result codec_word(u32 tries, int (*read)(u16 *to));
struct u16_result codec_word(u32 tries, int (*read)(u16 *to))
{
	int err = -ETIMEDOUT;
	u16 word;

	while (tries--) {
		err = read(&word);
		if (!err)
			return hf_ok(u16, word);
	}
	return hf_err(u16, err);
}

/* --- leaks ------------------------------------------------------------------------------------------- */

struct slot {
	struct ring *cookie;
};

void ring_returned(struct ring *r);	/* another file adopts it */

int slot_start(struct slot *s, struct ring_own given);
int slot_start(struct slot *s, struct ring_own given)
{
	hf_let(ring, r, given);

	if (s->cookie)
		return -EBUSY;
	/* SAFETY: slot_done() gives it to who adopts it. */
	s->cookie = hf_leak(r);
	return 0;
}

void slot_done(struct slot *s);
void slot_done(struct slot *s)
{
	struct ring *const r = s->cookie;

	s->cookie = NULL;
	ring_returned(r);
}

/* An object inside of a bigger one, which is freed as a whole. */
struct embedded {
	struct hf_refs refs;
	u32 id;
};

struct whole {
	u32 size;
	struct embedded part;
};

static void embedded_destroy(struct embedded *e)
{
	e->id = 0;
}

static void embedded_release(struct embedded *e)
{
	hf_free((char *)e - offsetof(struct whole, part));
}

HF_ARC_DEFINE(embedded, struct embedded, refs, embedded_destroy, embedded_release);

struct embedded_arc whole_part(struct whole *w);
struct embedded_arc whole_part(struct whole *w)
{
	return hf_arc_from(embedded, &w->part);
}

/* --- errors -------------------------------------------------------------------------------------------- */

int bus_enable(void);
void bus_disable(void);
struct ring *bus_ring(void);	/* or NULL */

/* There need not be a ring: both ways end at the label. */
int bus_probe(u32 *next);
int bus_probe(u32 *next)
{
	const struct ring *r;
	int err = bus_enable();

	if (err)
		return err;
	r = bus_ring();
	if (!r)
		goto out;
	*next = r->next;
out:
	bus_disable();
	return err;
}

struct u32_result bus_find(u32 n);
struct u32_result bus_find(u32 n)
{
	int err = 0;

	for (u32 i = 0; i < n; i++) {
		err = bus_enable();
		if (err)
			break;
	}
	if (err)
		return hf_err(u32, err);
	return hf_ok(u32, n);
}
