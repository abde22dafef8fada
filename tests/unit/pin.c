// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* pin.h: objects that are initialised in place and stay there. */
#include <holdfast/pin.h>
#include <holdfast/scope.h>

#include "harness.h"

struct dev {
	int id;
	struct hf_pin pin;
	struct dev *self;
	void *buffer;
};

static int drops, inits;

static void dev_free(struct dev *d)
{
	drops++;
	hf_pin_check(&d->pin);
	hf_sys_free(d->buffer);
	hf_free(d);
}

HF_OWN_DEFINE(dev, struct dev, dev_free);

static int dev_init(struct dev *d, const int *config)
{
	inits++;
	HF_EXPECT_EQ(d->id, 0);
	HF_EXPECT_PTR_EQ(d->buffer, NULL);
	d->id = *config;
	d->self = d;
	hf_pin_init(&d->pin);
	return *config < 0 ? *config : 0;
}

HF_TEST(pin, object_is_initialised_where_it_stays)
{
	int config = 3;

	drops = inits = 0;
	{
		hf_let(dev, d, hf_expect(hf_new_with(dev, GFP_KERNEL, dev_init, &config),
					 "no failure is injected"));
		hf_let(dev, e, hf_move(d));

		HF_EXPECT_EQ(hf_ref(e)->id, 3);
		HF_EXPECT_PTR_EQ(hf_ref(e)->self, hf_ref(e));
		hf_pin_check(&hf_ref(e)->pin);
	}
	HF_EXPECT_EQ(inits, 1);
	HF_EXPECT_EQ(drops, 1);
}

HF_TEST(pin, failed_initialisation_leaves_nothing_and_drops_nothing)
{
	int config = -EPROTO;

	drops = inits = 0;
	HF_EXPECT_ERR(hf_new_with(dev, GFP_KERNEL, dev_init, &config), -EPROTO);
	HF_EXPECT_EQ(inits, 1);
	HF_EXPECT_EQ(drops, 0);
}

HF_TEST(pin, without_memory_there_is_nothing_to_initialise)
{
	int config = 1;

	inits = 0;
	hf_test_fail_alloc(1);
	HF_EXPECT_ERR(hf_new_with(dev, GFP_KERNEL, dev_init, &config), -ENOMEM);
	hf_test_fail_alloc(0);
	HF_EXPECT_EQ(inits, 0);
}

static int wrong_init(struct dev *d, int result)
{
	d->id = 1;
	return result;
}

HF_TEST(pin, an_error_that_is_none_is_no_success)
{
	drops = 0;
	HF_EXPECT_REPORT(HF_UNWRAP) {
		HF_EXPECT_ERR(hf_new_with(dev, GFP_KERNEL, wrong_init, hf_test_hide(7)), -EINVAL);
	}
	HF_EXPECT_EQ(drops, 0);
}

HF_TEST(pin, operands_are_evaluated_once)
{
	int configs[2] = { 1, 2 };
	size_t i = 0;

	hf_let(dev, d, hf_expect(hf_new_with(dev, GFP_KERNEL, dev_init, &configs[i++]),
				 "no failure is injected"));
	HF_EXPECT_EQ(i, 1);
	HF_EXPECT_EQ(hf_ref(d)->id, 1);
}

/* An initialiser with two steps that can fail, which undoes what it has done. */
static void free_buffer(void *d)
{
	hf_sys_free(((struct dev *)d)->buffer);
}

static int step(int fails)
{
	return fails ? -EBUSY : 0;
}

static int dev_init_steps(struct dev *d, int fails)
{
	hf_pin_init(&d->pin);
	d->buffer = hf_sys_alloc(100, GFP_KERNEL);
	if (!d->buffer)
		return -ENOMEM;
	hf_defer(undo, free_buffer, d);
	hf_try_errno(step(fails));
	hf_dismiss(undo);
	return 0;
}

static int build(void *fails)
{
	hf_let(dev, d, hf_try(hf_new_with(dev, GFP_KERNEL, dev_init_steps, *(int *)fails)));

	HF_EXPECT(hf_ref(d)->buffer);
	return 0;
}

HF_TEST(pin, initialisation_is_all_or_nothing)
{
	int fails = 0;

	HF_EXPECT_EQ(hf_test_fail_each_alloc(build, &fails), 2);
	fails = 1;
	HF_EXPECT_EQ(build(&fails), -EBUSY);
}

HF_TEST(pin, takes_no_space_in_release)
{
	struct plain {
		int a;
		void *b;
	};
	struct pinned {
		int a;
		struct hf_pin pin;
		void *b;
	};

	if (!HF_DEBUG)
		HF_EXPECT_EQ(sizeof(struct pinned), sizeof(struct plain));
}

#if HF_DEBUG && HF_TEST_CHECKED
HF_TEST(pin, moved_object_is_found)
{
	static struct dev there, elsewhere;

	hf_pin_init(&there.pin);
	hf_pin_check(&there.pin);
	memcpy(&elsewhere, &there, sizeof(there));
	HF_EXPECT_VIOLATION(HF_PIN) {
		hf_pin_check(&elsewhere.pin);
	}
	hf_pin_check(&there.pin);
	/* The copy is valid once it is pinned itself. */
	hf_pin_init(&elsewhere.pin);
	hf_pin_check(&elsewhere.pin);
}

HF_TEST(pin, object_that_never_was_pinned_is_found)
{
	static struct dev there;

	HF_EXPECT_VIOLATION(HF_PIN) {
		hf_pin_check(&there.pin);
	}
}
#endif
