// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* ref.h: references that others count. */
#include <holdfast/foreign.h>
#include <holdfast/ref.h>

#include "harness.h"

/* Somebody else's. */
struct counted {
	int count;
	int locks;
	bool ended;
};

static struct counted *get_counted(struct counted *c)
{
	c->count++;
	return c;
}

static void put_counted(struct counted *c)
{
	if (!--c->count)
		c->ended = true;
}

static void lock_counted(struct counted *c)
{
	c->locks++;
}

HF_REF_DEFINE(counted, struct counted, get_counted, put_counted);

struct holder {
	struct counted_arc first, second;
};

static void holder_free(struct holder *h)
{
	counted_arc_drop(&h->first);
	counted_arc_drop(&h->second);
	hf_free(h);
}

HF_OWN_DEFINE(holder, struct holder, holder_free);

struct file_like {
	void *private_data;
};

HF_FOREIGN_DEFINE(counted_of, counted_arc, struct file_like, private_data);

/* A call that gives a reference, as many do. */
static struct counted *find(struct counted *c)
{
	return c ? get_counted(c) : NULL;
}

static struct counted *fail(long err)
{
	return (struct counted *)err;
}

HF_TEST(ref, scope_has_a_reference)
{
	static struct counted c = { .count = 1 };

	{
		/* SAFETY: the call gives a reference. */
		hf_let_arc(counted, a, hf_expect(hf_adopt_ref_unchecked(counted, find(&c)), "it is there"));

		HF_EXPECT_EQ(c.count, 2);
		{
			hf_let_arc(counted, b, hf_arc_from(counted, hf_ref(a)));

			HF_EXPECT_PTR_EQ(hf_ref(b), &c);
			HF_EXPECT_EQ(c.count, 3);
			hf_drop_arc(counted, b);
			HF_EXPECT_EQ(c.count, 2);
		}
		HF_EXPECT_EQ(c.count, 2);
		lock_counted(hf_ref_raw(a));
		HF_EXPECT_EQ(c.locks, 1);
		hf_borrow(r, a);
		HF_EXPECT_EQ(r->count, 2);
	}
	HF_EXPECT_EQ(c.count, 1);
	HF_EXPECT(!c.ended);
}

HF_TEST(ref, what_is_not_found_is_an_error)
{
	/* SAFETY: there is no reference. */
	HF_EXPECT_ERR(hf_adopt_ref_unchecked(counted, find(NULL)), -ENOENT);
	HF_EXPECT_ERR(hf_adopt_ref_unchecked(counted, fail(-EBUSY)), -EBUSY);
	HF_EXPECT_ERR(hf_adopt_ref_unchecked(counted, fail(-4095)), -4095);
}

static int hold(void *object)
{
	hf_let(holder, h, hf_try(hf_new(holder, GFP_KERNEL)));
	struct counted *const c = object;

	hf_set(hf_mut(h)->first, hf_arc_from(counted, c));
	hf_set(hf_mut(h)->second, hf_arc_from(counted, hf_ref(hf_ref(h)->first)));
	if (c->count != 3)
		return -EIO;
	lock_counted(hf_ref_raw(hf_ref(h)->second));
	return 0;
}

HF_TEST(ref, objects_hold_references)
{
	static struct counted c = { .count = 1 };

	HF_EXPECT_EQ(hf_test_fail_each_alloc(hold, &c), 1);
	HF_EXPECT_EQ(c.count, 1);
	HF_EXPECT_EQ(c.locks, 1);
}

static void take(struct counted *c)
{
	put_counted(c);
}

HF_TEST(ref, references_move)
{
	static struct counted c = { .count = 1 };
	static struct file_like file;

	{
		hf_let_arc(counted, a, hf_arc_from(counted, &c));
		hf_let_arc(counted, b, hf_move(a));

		HF_EXPECT_EQ(c.count, 2);
		hf_foreign_store(counted_of, &file, hf_move(b));
	}
	HF_EXPECT_EQ(c.count, 2);
	HF_EXPECT_PTR_EQ(hf_foreign_ref(counted_of, &file), &c);
	{
		hf_let_arc(counted, a, hf_expect(hf_foreign_take(counted_of, &file), "it was stored"));

		/* SAFETY: it puts the reference. */
		take(hf_leak_ref(a));
		HF_EXPECT(hf_is_empty(a));
	}
	HF_EXPECT_EQ(c.count, 1);
	{
		/* SAFETY: the first reference is given up. */
		hf_let_arc(counted, last, hf_expect(hf_adopt_ref_unchecked(counted, &c), "it is there"));
	}
	HF_EXPECT_EQ(c.count, 0);
	HF_EXPECT(c.ended);
}

HF_TEST(ref, empty_one_puts_nothing)
{
	hf_let_arc(counted, none, hf_empty(counted_arc));

	HF_EXPECT(hf_is_empty(none));
}

HF_TEST_UNANALYZED(ref, violations)
{
	static struct counted c = { .count = 1 };

	struct counted_arc none = hf_empty(counted_arc);

	(void)none;
	HF_EXPECT_VIOLATION(HF_MOVED) {
		lock_counted(hf_ref_raw(none));
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		/* SAFETY: there is nothing to put. */
		lock_counted(hf_leak_ref(none));
	}
	{
		hf_let_arc(counted, a, hf_arc_from(counted, &c));
		hf_set((none), hf_move(a));
		HF_EXPECT_VIOLATION(HF_LEAK) {
			hf_set((none), hf_arc_from(counted, &c));
		}
	}
	counted_arc_drop(&none);
	HF_EXPECT_EQ(c.locks, 0);
}
