// SPDX-License-Identifier: GPL-2.0-only OR MIT
// wrong: an object of a map of numbers used after the map's lock was given up, when another has freed it
// report: BUG: KASAN: slab-use-after-free in handle_uses
// refused: tests/misuse/idmap_found_outlives_guard.c
#include <linux/slab.h>
#include <linux/xarray.h>

#include "wrong.h"

struct ref {
	u32 handle;
	int uses;
};

static DEFINE_XARRAY_ALLOC(handles);

static noinline const struct ref *handle_find(u32 handle)
{
	const struct ref *r;

	xa_lock(&handles);
	r = xa_load(&handles, handle);
	xa_unlock(&handles);
	/* The bug: the lock is all that keeps it. */
	return r;
}

static void handle_close(u32 handle)
{
	struct ref *r;

	xa_lock(&handles);
	r = __xa_erase(&handles, handle);
	xa_unlock(&handles);
	kfree(r);
}

static noinline int handle_uses(u32 handle)
{
	const struct ref *r = handle_find(handle);

	/* What another process does meanwhile. */
	handle_close(handle);
	return r->uses;
}

static int wrong(void)
{
	struct ref *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int err;

	if (!r)
		return -ENOMEM;
	err = xa_alloc(&handles, &r->handle, r, xa_limit_32b, GFP_KERNEL);
	if (err) {
		kfree(r);
		return err;
	}
	err = min(handle_uses(r->handle), 0);
	xa_destroy(&handles);
	return err;
}
