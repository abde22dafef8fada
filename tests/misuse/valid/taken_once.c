// SPDX-License-Identifier: GPL-2.0-only OR MIT
// The owner of a result is taken out once on each path, and owners in places by hf_take().
#include <holdfast/holdfast.h>

struct obj {
	int n;
};

void obj_free(struct obj *o);
HF_OWN_DEFINE(obj, struct obj, obj_free);
HF_SLICE_DEFINE(objs, struct obj_own);

struct obj_own_result make(int how);
struct u32_result count_of(int how);
struct objs_slice_result objs_front(int how);
const struct obj_own_result *looked_up(int how);
bool fits(const struct obj *o);
void eat(struct obj_own o);
int eat_result(struct obj_own_result r);

static int asked_first(void)
{
	struct obj_own_result r = make(0);

	if (!hf_is_ok(r))
		return hf_errno(r);
	hf_let(obj, o, hf_try(r));
	return hf_ref(o)->n;
}

/* A result without an owner may be asked where it is made; one with an owner, in its variable or place. */
static int only_asked(const struct obj_own_result *place, int how)
{
	struct obj_own_result r = make(how), q = make(1);
	int n = hf_is_ok(count_of(how)) + hf_errno(count_of(1)) + hf_errno((r)) + hf_is_ok(*place);

	hf_try(count_of(n));
	n += hf_is_ok(objs_front(how)) + hf_errno(how ? r : q) + (hf_errno(*looked_up(how)) ? 1 : 2);
	if (hf_is_ok(q))
		eat(hf_try(q));
	return n + eat_result(r);
}

static struct obj_own_result given_back(bool quick)
{
	struct obj_own_result r = make(1);

	if (!hf_is_ok(r))
		return r;
	if (quick)
		return r;
	hf_let(obj, o, hf_try_in(obj_own, r));
	if (!fits(hf_ref(o)))
		return hf_err(obj_own, -EIO);
	return hf_ok(obj_own, hf_move(o));
}

static int in_each_branch(int how)
{
	struct obj_own_result r = make(how);

	switch (how) {
	case 0:
		how++;
		return eat_result(r);
	case 1:
		how += 2;
		return eat_result(r);
	default:
		break;
	}
	return how > 7 ? eat_result(r) : -hf_errno(r) + eat_result(r);
}

static int if_and_else(bool a)
{
	struct obj_own_result r = make(2);
	int n;

	if (a)
		n = eat_result(r);
	else
		n = 1 + eat_result(r);
	return n;
}

static int once_for_each(int n)
{
	while (n--) {
		struct obj_own_result r = make(n);

		if (hf_errno(r) == -EAGAIN)
			continue;
		hf_let(obj, o, hf_try(r));
		eat(hf_move(o));
	}
	return 0;
}

/* After hf_set_ok() failed the result has no owner, and is returned as an error. */
static struct obj_own_result set_or_given_back(struct obj_own *to, int how)
{
	struct obj_own_result r = make(how), q = make(2), t = make(3);
	int err;

	if (how == 1) {
		if (hf_set_ok(*to, q))
			return q;
		return hf_err(obj_own, -EBUSY);
	}
	err = hf_set_ok(*to, r);
	if (err == -EAGAIN)
		return r;
	if (how == 3)
		err = hf_set_ok(*to, t);
	else if (how == 4)
		eat(hf_try_in(obj_own, t));
	return err ? r : hf_err(obj_own, -EIO);
}

static int set_in_each_branch(struct obj_own *to, struct obj_own *other, int how)
{
	struct obj_own_result r = make(how);

	if (how == 1)
		hf_try_errno(hf_set_ok(*to, r));
	else
		hf_try_errno(hf_set_ok(*other, r));
	return 0;
}

static int set_when_there_is_one(struct obj_own *to, int how)
{
	const struct obj_own_result r = make(how);

	if (!hf_set_ok(*to, r))
		return 0;
	hf_try_errno(hf_errno(r));
	return how ? hf_set_ok(*to, make(0)) : 1;
}

static int first_that_fits(int n)
{
	struct obj_own_result r = make(n);

	for (; n; n--) {
		if (hf_errno(r) != n)
			continue;
		n += eat_result(r);
		break;
	}
	return n;
}

static int out_of_places(struct objs_slice v, struct obj_own *to)
{
	hf_let(obj, o, hf_take(hf_at(v, 0)));

	hf_set(*to, hf_take(hf_at(v, 1)));
	eat(hf_take(hf_at(v, 2)));
	return hf_is_empty(hf_at(v, 3)) ? 0 : hf_ref(o)->n + hf_ref(hf_at(v, 3))->n;
}

struct state {
	struct obj_own o;
};

HF_LOCKED_DEFINE(locked_state, mutex, struct state);

struct xfer {
	struct locked_state state;
	union {
		struct obj_own grid[2][2];
		int n;
	};
};

void trace(const struct xfer *x);

static void xfer_free(struct xfer *x)
{
	trace(x);
	{
		hf_lock(s, &x->state);
		obj_own_drop(&s->o);
	}
	hf_lock_fini(&x->state);
	for (size_t i = 0; i < 4; i++)
		obj_own_drop(&hf_array_at(hf_array_at(x->grid, i / 2), i % 2));
	hf_free(x);
}

HF_OWN_DEFINE(xfer, struct xfer, xfer_free);

int all(struct objs_slice v, struct obj_own *to);
int all(struct objs_slice v, struct obj_own *to)
{
	hf_let(xfer, x, hf_try(hf_new(xfer, GFP_KERNEL)));
	hf_let(obj, o, hf_try(given_back(true)));

	hf_lock_init(&hf_mut(x)->state);
	int n = asked_first() + only_asked(looked_up(1), 2) + in_each_branch(1) + if_and_else(true) + once_for_each(3) + first_that_fits(2);

	n += set_in_each_branch(to, to, 1) + set_when_there_is_one(to, 2) + eat_result(set_or_given_back(to, 3));
	return n + out_of_places(v, to) + hf_ref(o)->n + hf_is_empty(x);
}
