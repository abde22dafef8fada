// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Owners in a `void *` of others, and references to what others count. */
#include "../bench.h"
#include "../refs.h"

#define OPS 256

/* --- an open file, which has a reference to its session ----------------------------------------- */

struct open_file {
	u32 flags;
	void *private_data;
};

struct raw_session {
	hf_sys_atomic refs;
	u32 key;
};

struct session {
	struct hf_refs refs;
	u32 key;
};

static void session_destroy(struct session *s)
{
	(void)s;
}

static void session_release(struct session *s)
{
	hf_free(s);
}

HF_ARC_DEFINE(session, struct session, refs, session_destroy, session_release);
HF_FOREIGN_DEFINE(session_of, session_arc, struct open_file, private_data);

static struct raw_session *raw_session_new(void)
{
	struct raw_session *s = hf_sys_alloc(sizeof(*s), GFP_ATOMIC);

	if (s) {
		hf_sys_atomic_init(&s->refs, 1);
		s->key = 7;
	}
	return s;
}

static void raw_session_put(struct raw_session *s)
{
	if (raw_refs_put(&s->refs))
		hf_sys_free(s);
}

static struct session_arc_result session_new(void)
{
	hf_let_arc(session, s, hf_try_in(session_arc, hf_new_arc(session, GFP_ATOMIC)));

	hf_expect(hf_arc_unique(s), "it is new")->key = 7;
	return hf_ok(session_arc, hf_move(s));
}

/* Each operation of the file borrows the session. */
BENCH_CALL static u32 raw_foreign_borrow_read(const struct open_file *f, u32 v)
{
	const struct raw_session *s = f->private_data;

	return s->key ^ v;
}

s64 raw_foreign_borrow(const struct bench_in *in)
{
	struct open_file *const f = in->arena;
	struct raw_session *s = raw_session_new();
	s64 sum = 0;

	if (!s)
		return -ENOMEM;
	f->private_data = s;
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += raw_foreign_borrow_read(f, in->words[i]);
	f->private_data = NULL;
	raw_session_put(s);
	return sum;
}

BENCH_CALL static u32 hf_foreign_borrow_read(const struct open_file *f, u32 v)
{
	return hf_foreign_ref(session_of, f)->key ^ v;
}

s64 hf_foreign_borrow(const struct bench_in *in)
{
	struct open_file *const f = in->arena;
	s64 sum = 0;

	hf_foreign_store(session_of, f, hf_try(session_new()));
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += hf_foreign_borrow_read(f, in->words[i]);
	hf_let_arc(session, s, hf_try(hf_foreign_take(session_of, f)));
	return sum;
}

/* open() stores a reference, and release() puts it. */
BENCH_CALL static void raw_foreign_store_take_open(struct open_file *f, struct raw_session *s)
{
	raw_refs_get(&s->refs);
	f->private_data = s;
}

BENCH_CALL static u32 raw_foreign_store_take_release(struct open_file *f, u32 v)
{
	struct raw_session *s = f->private_data;
	const u32 key = s->key;

	raw_session_put(s);
	return key ^ v;
}

s64 raw_foreign_store_take(const struct bench_in *in)
{
	struct open_file *const f = in->arena;
	struct raw_session *s = raw_session_new();
	s64 sum = 0;

	if (!s)
		return -ENOMEM;
	for (size_t i = 0; i < OPS && i < in->n; i++) {
		raw_foreign_store_take_open(f, s);
		sum += raw_foreign_store_take_release(f, in->words[i]);
	}
	f->private_data = NULL;
	raw_session_put(s);
	return sum;
}

BENCH_CALL static void hf_foreign_store_take_open(struct open_file *f, const struct session *s)
{
	hf_foreign_store(session_of, f, hf_arc_from(session, s));
}

BENCH_CALL static s64 hf_foreign_store_take_release(struct open_file *f, u32 v)
{
	hf_let_arc(session, s, hf_try(hf_foreign_take(session_of, f)));

	return hf_ref(s)->key ^ v;
}

s64 hf_foreign_store_take(const struct bench_in *in)
{
	struct open_file *const f = in->arena;
	hf_let_arc(session, s, hf_try(session_new()));
	hf_borrow(lent, s);
	s64 sum = 0;

	for (size_t i = 0; i < OPS && i < in->n; i++) {
		hf_foreign_store_take_open(f, lent);
		sum += hf_foreign_store_take_release(f, in->words[i]);
	}
	return sum;
}

/* --- an object with get and put functions of its own, as get_device() and put_device() are ------- */

struct thing {
	hf_sys_atomic refs;
	u32 value;
};

BENCH_CALL static struct thing *thing_get(struct thing *t)
{
	raw_refs_get(&t->refs);
	return t;
}

BENCH_CALL static void thing_put(struct thing *t)
{
	if (raw_refs_put(&t->refs))
		hf_sys_free(t);
}

/* With a reference, or NULL. */
static struct thing *thing_new(void)
{
	struct thing *t = hf_sys_alloc(sizeof(*t), GFP_ATOMIC);

	if (t) {
		hf_sys_atomic_init(&t->refs, 1);
		t->value = 7;
	}
	return t;
}

HF_REF_DEFINE(thing, struct thing, thing_get, thing_put);

BENCH_CALL static u32 raw_ref_get_put_use(struct thing *t, u32 v)
{
	const u32 value = t->value ^ v;

	thing_put(t);
	return value;
}

s64 raw_ref_get_put(const struct bench_in *in)
{
	struct thing *t = thing_new();
	s64 sum = 0;

	if (!t)
		return -ENOENT;
	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += raw_ref_get_put_use(thing_get(t), in->words[i]);
	thing_put(t);
	return sum;
}

BENCH_CALL static u32 hf_ref_get_put_use(struct thing_arc arg, u32 v)
{
	hf_let_arc(thing, t, arg);

	return hf_ref(t)->value ^ v;
}

s64 hf_ref_get_put(const struct bench_in *in)
{
	/* SAFETY: thing_new() gives a reference. */
	hf_let_arc(thing, t, hf_try(hf_adopt_ref_unchecked(thing, thing_new())));
	s64 sum = 0;

	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += hf_ref_get_put_use(hf_arc_from(thing, hf_ref(t)), in->words[i]);
	return sum;
}
