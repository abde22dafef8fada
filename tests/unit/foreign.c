// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* foreign.h: owners in a void * of another's structure. */
#include <holdfast/arc.h>
#include <holdfast/foreign.h>

#include "harness.h"

/* Somebody else's. */
struct file_like {
	int flags;
	void *private_data;
};

struct device_like {
	int id;
	void *hidden;
};

static int gets, sets;

static void *device_data(const struct device_like *d)
{
	gets++;
	return d->hidden;
}

/* Some of the kernel's take no pointer to const. */
static void *device_data_mut(struct device_like *d)
{
	return d->hidden;
}

static void set_device_data(struct device_like *d, void *p)
{
	sets++;
	d->hidden = p;
}

/* Ours. */
struct session {
	struct hf_refs refs;
	int opens;
};

static int destroyed;

static void session_destroy(struct session *s)
{
	(void)s;
	destroyed++;
}

static void session_release(struct session *s)
{
	hf_free(s);
}

static void session_free(struct session *s)
{
	destroyed++;
	hf_free(s);
}

HF_ARC_DEFINE(session, struct session, refs, session_destroy, session_release);
HF_OWN_DEFINE(session, struct session, session_free);
HF_FOREIGN_DEFINE(session_of, session_arc, struct file_like, private_data);
HF_FOREIGN_DEFINE(only_session_of, session_own, struct file_like, private_data);
HF_FOREIGN_BY_DEFINE(device_session, session_own, struct device_like, device_data, set_device_data);
HF_FOREIGN_BY_DEFINE(shared_device_session, session_arc, struct device_like, device_data_mut, set_device_data);

HF_TEST(foreign, member_has_a_reference)
{
	static struct file_like file = { .flags = 7 };

	destroyed = 0;
	{
		hf_let_arc(session, s, hf_expect(hf_new_arc(session, GFP_KERNEL), "there is memory"));

		HF_EXPECT_ERR(hf_foreign_take(session_of, &file), -ENOENT);
		hf_foreign_store(session_of, &file, hf_clone(s));
		HF_EXPECT_PTR_EQ(hf_foreign_ref(session_of, &file), hf_ref(s));
		HF_EXPECT_PTR_EQ(file.private_data, hf_ref(s));
	}
	/* The file keeps it. */
	HF_EXPECT_EQ(destroyed, 0);
	{
		const struct file_like *const seen = &file;

		HF_EXPECT_EQ(hf_foreign_ref(session_of, seen)->opens, 0);
	}
	{
		hf_let_arc(session, s, hf_expect(hf_foreign_take(session_of, &file), "it was stored"));

		HF_EXPECT_PTR_EQ(file.private_data, NULL);
		HF_EXPECT_ERR(hf_foreign_take(session_of, &file), -ENOENT);
		HF_EXPECT_EQ(destroyed, 0);
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(file.flags, 7);
}

HF_TEST(foreign, member_owns_alone)
{
	static struct file_like file;

	destroyed = 0;
	for (int i = 0; i < 2; i++) {
		hf_foreign_store(only_session_of, &file, hf_expect(hf_new(session, GFP_KERNEL), "there is memory"));
		hf_foreign_mut(only_session_of, &file)->opens += 2;
		HF_EXPECT_EQ(hf_foreign_ref(only_session_of, &file)->opens, 2);
		hf_let(session, s, hf_expect(hf_foreign_take(only_session_of, &file), "it was stored"));
		HF_EXPECT_EQ(hf_ref(s)->opens, 2);
	}
	HF_EXPECT_EQ(destroyed, 2);
}

HF_TEST(foreign, pointer_is_reached_by_functions)
{
	static struct device_like device;

	destroyed = gets = sets = 0;
	{
		hf_foreign_store(device_session, &device, hf_expect(hf_new(session, GFP_KERNEL), "there is memory"));
		hf_foreign_mut(device_session, &device)->opens++;
		HF_EXPECT_EQ(hf_foreign_ref(device_session, &device)->opens, 1);
		hf_let(session, s, hf_expect(hf_foreign_take(device_session, &device), "it was stored"));
	}
	HF_EXPECT_EQ(destroyed, 1);
	HF_EXPECT_EQ(sets, 2);
	HF_EXPECT(gets >= 3);
	HF_EXPECT_PTR_EQ(device.hidden, NULL);
	{
		const struct device_like *const seen = &device;

		hf_foreign_store(shared_device_session, &device, hf_expect(hf_new_arc(session, GFP_KERNEL), "there is memory"));
		HF_EXPECT_EQ(hf_foreign_ref(shared_device_session, seen)->opens, 0);
		hf_let_arc(session, s, hf_expect(hf_foreign_take(shared_device_session, &device), "it was stored"));
	}
	HF_EXPECT_EQ(destroyed, 2);
}

HF_TEST(foreign, empty_handle_stores_nothing)
{
	static struct file_like file;

	hf_foreign_store(session_of, &file, hf_empty(session_arc));
	HF_EXPECT_ERR(hf_foreign_take(session_of, &file), -ENOENT);
}

static int store(void *file)
{
	hf_let(session, s, hf_try(hf_new(session, GFP_KERNEL)));
	struct file_like *const f = file;

	hf_foreign_store(only_session_of, f, hf_move(s));
	hf_let(session, back, hf_try(hf_foreign_take(only_session_of, f)));
	return 0;
}

HF_TEST(foreign, nothing_leaks_when_memory_runs_out)
{
	static struct file_like file;

	HF_EXPECT_EQ(hf_test_fail_each_alloc(store, &file), 1);
}

HF_TEST_UNANALYZED(foreign, violations)
{
	static struct file_like file;
	static struct session one, two;

	HF_EXPECT_VIOLATION(HF_MOVED) {
		HF_EXPECT_EQ(hf_foreign_ref(session_of, &file)->opens, 0);
	}
	HF_EXPECT_VIOLATION(HF_MOVED) {
		hf_foreign_mut(only_session_of, &file)->opens++;
	}
	/* SAFETY: neither is dropped. */
	hf_foreign_store(only_session_of, &file, hf_adopt_unchecked(session, &one));
	HF_EXPECT_VIOLATION(HF_LEAK) {
		hf_foreign_store(only_session_of, &file, hf_adopt_unchecked(session, &two));
	}
	HF_EXPECT_PTR_EQ(file.private_data, &one);
}
