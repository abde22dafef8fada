// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* irq.h: handlers and their threaded parts, registrations that own, and their ends. */
#include <holdfast/arc.h>
#include <holdfast/irq.h>
#include <holdfast/pin.h>
#include <holdfast/wait.h>

#include "harness.h"

struct counts {
	int hits;		/* of the handler */
	int runs;		/* of the threaded part */
	bool raised;		/* by this device */
	bool left;		/* the part that was held up has ended */
};

HF_LOCKED_DEFINE(locked_counts, spinlock_irq, struct counts);

/* A device, whose interrupt both shared and unique owners may serve. */
struct device_state {
	struct hf_refs refs;
	struct locked_counts counts;
	struct hf_completion entered, leave;
};

static int destroyed;
static bool left_before_end;

static int state_init(struct device_state *s, bool raised)
{
	hf_lock_init(&s->counts);
	/* SAFETY: not shared yet. */
	hf_lock_get_mut_unchecked(&s->counts)->raised = raised;
	hf_completion_init(&s->entered);
	hf_completion_init(&s->leave);
	return 0;
}

static void state_destroy(struct device_state *s)
{
	{
		hf_lock(c, &s->counts);
		left_before_end = c->left;
	}
	destroyed++;
	hf_completion_fini(&s->leave);
	hf_completion_fini(&s->entered);
	hf_lock_fini(&s->counts);
}

static void state_release(struct device_state *s)
{
	hf_free(s);
}

static void state_end(struct device_state *s)
{
	state_destroy(s);
	hf_free(s);
}

HF_ARC_DEFINE(state, struct device_state, refs, state_destroy, state_release);
HF_OWN_DEFINE(state, struct device_state, state_end);

HF_IRQ_DEFINE(plain, state_arc, count_hit);
HF_IRQ_DEFINE(unique, state_own, count_hit_of_unique);
HF_IRQ_DEFINE(shared, state_arc, count_own_hit);
HF_THREADED_IRQ_DEFINE(threaded, state_arc, wake_thread, count_run);
HF_THREADED_IRQ_DEFINE(blocking, state_arc, wake_blocking_thread, block);

static irqreturn_t count_hit(const struct device_state *s HF_NOESCAPE)
{
	hf_lock(c, &s->counts);

	c->hits++;
	return IRQ_HANDLED;
}

static irqreturn_t count_hit_of_unique(const struct device_state *s HF_NOESCAPE)
{
	return count_hit(s);
}

static irqreturn_t count_own_hit(const struct device_state *s HF_NOESCAPE)
{
	hf_lock(c, &s->counts);

	if (!c->raised)
		return IRQ_NONE;
	c->hits++;
	return IRQ_HANDLED;
}

static irqreturn_t wake_thread(const struct device_state *s HF_NOESCAPE)
{
	(void)count_hit(s);
	return IRQ_WAKE_THREAD;
}

static irqreturn_t count_run(const struct device_state *s HF_NOESCAPE)
{
	{
		hf_lock(c, &s->counts);
		c->runs++;
	}
	hf_complete(&s->entered);
	return IRQ_HANDLED;
}

static irqreturn_t wake_blocking_thread(const struct device_state *s HF_NOESCAPE)
{
	(void)s;
	return IRQ_WAKE_THREAD;
}

/* Until it is let go. */
static irqreturn_t block(const struct device_state *s HF_NOESCAPE)
{
	hf_complete(&s->entered);
	hf_completion_wait(&s->leave);
	hf_lock(c, &s->counts);
	c->left = true;
	return IRQ_HANDLED;
}

static struct state_arc_result new_state(void)
{
	return hf_new_arc_with(state, GFP_KERNEL, state_init, true);
}

static int hits_of(const struct device_state *s)
{
	hf_lock(c, &s->counts);

	return c->hits;
}

static int runs_of(const struct device_state *s)
{
	hf_lock(c, &s->counts);

	return c->runs;
}

/* --- registration -------------------------------------------------------------------------------- */

HF_TEST(irq, handler_runs_until_the_drop)
{
	static struct hf_test_irq irq;

	HF_ASSERT(hf_test_irq_new(&irq));
	destroyed = 0;
	{
		hf_let_arc(state, s, hf_expect(new_state(), "there is memory"));
		hf_let(plain, p, hf_expect(hf_irq_request(plain, hf_test_irq_line(&irq, false), "plain", hf_clone(s),
							  GFP_KERNEL), "nobody has it"));

		HF_EXPECT_EQ(hits_of(hf_ref(s)), 0);
		hf_test_irq_raise(&irq);
		hf_test_irq_raise(&irq);
		HF_EXPECT_EQ(hits_of(hf_ref(s)), 2);
		hf_drop(plain, p);
		hf_test_irq_raise(&irq);
		HF_EXPECT_EQ(hits_of(hf_ref(s)), 2);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
	hf_test_irq_free(&irq);
}

/* The registration is the only owner: the data ends with it, at the end of a scope or in an object. */
HF_TEST(irq, registration_owns_the_data)
{
	static struct hf_test_irq irq;
	struct {
		struct plain_own irq;
	} holder = { .irq = hf_empty(plain_own) };

	HF_ASSERT(hf_test_irq_new(&irq));
	destroyed = 0;
	{
		hf_let(unique, u, hf_expect(hf_irq_request(unique, hf_test_irq_line(&irq, false), "unique",
				hf_expect(hf_new_with(state, GFP_KERNEL, state_init, true), "there is memory"),
				GFP_KERNEL), "nobody has it"));

		hf_test_irq_raise(&irq);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
	hf_set(holder.irq, hf_expect(hf_irq_request(plain, hf_test_irq_line(&irq, false), "plain",
						    hf_expect(new_state(), "there is memory"), GFP_KERNEL),
				     "nobody has it"));
	hf_test_irq_raise(&irq);
	HF_EXPECT_EQ(destroyed, 1);
	plain_own_drop(&holder.irq);
	HF_EXPECT(hf_is_empty(holder.irq));
	HF_EXPECT_EQ(destroyed, 2);
	hf_test_irq_free(&irq);
}

HF_TEST(irq, devices_share_a_line)
{
	static struct hf_test_irq irq;

	HF_ASSERT(hf_test_irq_new(&irq));
	{
		hf_let_arc(state, a, hf_expect(hf_new_arc_with(state, GFP_KERNEL, state_init, false), "there is memory"));
		hf_let_arc(state, b, hf_expect(new_state(), "there is memory"));
		hf_let(shared, of_a, hf_expect(hf_irq_request(shared, hf_test_irq_line(&irq, true), "a", hf_clone(a),
							      GFP_KERNEL), "it is shared"));
		hf_let(shared, of_b, hf_expect(hf_irq_request(shared, hf_test_irq_line(&irq, true), "b", hf_clone(b),
							      GFP_KERNEL), "it is shared"));

		hf_test_irq_raise(&irq);
		HF_EXPECT_EQ(hits_of(hf_ref(a)), 0);
		HF_EXPECT_EQ(hits_of(hf_ref(b)), 1);
		hf_drop(shared, of_a);
		hf_test_irq_raise(&irq);
		HF_EXPECT_EQ(hits_of(hf_ref(b)), 2);
	}
	hf_test_irq_free(&irq);
}

/* The longest name is cut off; the caller's may be gone. */
HF_TEST(irq, name_is_copied)
{
	static struct hf_test_irq irq;
	char text[100];

	HF_ASSERT(hf_test_irq_new(&irq));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	{
		hf_let(plain, p, hf_expect(hf_irq_request(plain, hf_test_irq_line(&irq, false), text,
							  hf_expect(new_state(), "there is memory"), GFP_KERNEL),
					   "nobody has it"));

		memset(text, 'y', sizeof(text));
		HF_EXPECT_EQ(strlen(hf_ref(p)->text_), 31);
		HF_EXPECT_EQ(hf_ref(p)->text_[30], 'x');
	}
	hf_test_irq_free(&irq);
}

/* --- failures ------------------------------------------------------------------------------------ */

HF_TEST(irq, refused_request_drops_the_data)
{
	static struct hf_test_irq irq;

	HF_ASSERT(hf_test_irq_new(&irq));
	destroyed = 0;
	{
		hf_let(plain, p, hf_expect(hf_irq_request(plain, hf_test_irq_line(&irq, false), "first",
							  hf_expect(new_state(), "there is memory"), GFP_KERNEL),
					   "nobody has it"));

		for (int i = 0; i < 2; i++) {
			struct threaded_own_result r = hf_irq_request(threaded, hf_test_irq_line(&irq, i), "second",
				hf_expect(new_state(), "there is memory"), GFP_KERNEL);

			HF_EXPECT_EQ(hf_errno(r), -EBUSY);
			HF_EXPECT_EQ(destroyed, i + 1);
		}
		hf_test_irq_raise(&irq);
	}
	HF_EXPECT_EQ(destroyed, 3);
	hf_test_irq_free(&irq);
}

static int request_threaded(void *line)
{
	hf_let_arc(state, s, hf_try(new_state()));
	hf_let(threaded, t, hf_try(hf_irq_request(threaded, *(const struct hf_irq_line *)line, "threaded", hf_move(s),
						  GFP_KERNEL)));

	return 0;
}

HF_TEST(irq, nothing_leaks_when_memory_runs_out)
{
	static struct hf_test_irq irq;
	struct hf_irq_line line;

	HF_ASSERT(hf_test_irq_new(&irq));
	line = hf_test_irq_line(&irq, false);
	destroyed = 0;
	HF_EXPECT_EQ(hf_test_fail_each_alloc(request_threaded, &line), 3);
	/* Of the later failures, and of the success. */
	HF_EXPECT_EQ(destroyed, 3);
	hf_test_irq_free(&irq);
}

/* --- threaded parts ------------------------------------------------------------------------------ */

HF_TEST(irq, threaded_part_runs)
{
	static struct hf_test_irq irq;

	HF_ASSERT(hf_test_irq_new(&irq));
	{
		hf_let_arc(state, s, hf_expect(new_state(), "there is memory"));
		hf_let(threaded, t, hf_expect(hf_irq_request(threaded, hf_test_irq_line(&irq, false), "threaded",
							     hf_clone(s), GFP_KERNEL), "nobody has it"));

		for (int i = 1; i <= 3; i++) {
			hf_test_irq_raise(&irq);
			hf_completion_wait(&hf_ref(s)->entered);
			HF_EXPECT_EQ(hits_of(hf_ref(s)), i);
			HF_EXPECT_EQ(runs_of(hf_ref(s)), i);
		}
		/* What was woken runs before the drop is over. */
		hf_test_irq_raise(&irq);
		hf_drop(threaded, t);
		HF_EXPECT_EQ(runs_of(hf_ref(s)), 4);
	}
	hf_test_irq_free(&irq);
}

/* --- the drop waits ------------------------------------------------------------------------------ */

struct dropper {
	struct hf_test_thread thread;
	struct blocking_own irq;
	struct hf_completion begun;
	int over;		/* by hf_sys_write_once() */
};

static void drop_blocking(void *arg)
{
	struct dropper *d = arg;

	hf_complete(&d->begun);
	blocking_own_drop(&d->irq);
	hf_sys_write_once(&d->over, 1);
}

/* A drop that does not wait has every chance to be over. */
static void let_others_run(void)
{
	for (int i = 0; i < 200; i++)
		hf_test_yield();
}

HF_TEST(irq, drop_waits_for_the_threaded_part)
{
	static struct hf_test_irq irq;
	static struct dropper d;

	HF_ASSERT(hf_test_irq_new(&irq));
	hf_completion_init(&d.begun);
	d.over = 0;
	destroyed = 0;
	{
		hf_let_arc(state, s, hf_expect(new_state(), "there is memory"));

		hf_set(d.irq, hf_expect(hf_irq_request(blocking, hf_test_irq_line(&irq, false), "blocking", hf_clone(s),
						       GFP_KERNEL), "nobody has it"));
		hf_test_irq_raise(&irq);
		hf_completion_wait(&hf_ref(s)->entered);
		hf_test_spawn(&d.thread, drop_blocking, &d);
		hf_completion_wait(&d.begun);
		let_others_run();
		HF_EXPECT_EQ(hf_sys_read_once(&d.over), 0);
		hf_complete(&hf_ref(s)->leave);
	}
	hf_test_join(&d.thread);
	HF_EXPECT_EQ(d.over, 1);
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT(left_before_end);
	hf_completion_fini(&d.begun);
	hf_test_irq_free(&irq);
}

#ifdef HF_TEST_HANDLERS_BLOCK

HF_IRQ_DEFINE(held_up, state_arc, block_handler);

/* Only a test's handler may. */
HF_UNANALYZED static irqreturn_t block_handler(const struct device_state *s)
{
	return block(s);
}

static struct held_up_own held_up;
static int over;

static void raise_irq(void *irq)
{
	hf_test_irq_raise(irq);
}

static void drop_held_up(void *begun)
{
	hf_complete(begun);
	held_up_own_drop(&held_up);
	hf_sys_write_once(&over, 1);
}

HF_TEST(irq, drop_waits_for_the_handler)
{
	static struct hf_test_irq irq;
	struct hf_test_thread raiser, dropper;
	struct hf_completion begun;

	HF_ASSERT(hf_test_irq_new(&irq));
	hf_completion_init(&begun);
	over = 0;
	destroyed = 0;
	{
		hf_let_arc(state, s, hf_expect(new_state(), "there is memory"));

		hf_set((held_up), hf_expect(hf_irq_request(held_up, hf_test_irq_line(&irq, false), "held up", hf_clone(s),
							   GFP_KERNEL), "nobody has it"));
		hf_test_spawn(&raiser, raise_irq, &irq);
		hf_completion_wait(&hf_ref(s)->entered);
		hf_test_spawn(&dropper, drop_held_up, &begun);
		hf_completion_wait(&begun);
		let_others_run();
		HF_EXPECT_EQ(hf_sys_read_once(&over), 0);
		hf_complete(&hf_ref(s)->leave);
	}
	hf_test_join(&dropper);
	hf_test_join(&raiser);
	HF_EXPECT_EQ(over, 1);
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT(left_before_end);
	hf_completion_fini(&begun);
	hf_test_irq_free(&irq);
}

#endif
