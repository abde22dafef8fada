// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A row for every public macro with parameters.  It names them all; one with a minus before it is no operand
 * but a name, a type, a constant or a string, and has no count.  The others are counted by ONCE(n, value) or
 * PLACE(n, lvalue), n being the operand's number in the row, and must have been evaluated exactly once after
 * each OK(), FAIL() and VIOLATION().  tests/operands/run checks that no macro and no parameter is missing.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <holdfast/holdfast.h>

/* --- counting ----------------------------------------------------------------------------------- */

enum { OPERANDS = 6 };

static int count_[OPERANDS];
static int operands_, wrong_, failures_;
static const char *row_;
static volatile int hidden_ = 9;
static bool armed_;
static int violations_;
static jmp_buf out_;

#define ONCE(n, ...)	(count_[n]++, __VA_ARGS__)
#define PLACE(n, ...)	(*(count_[n]++, &(__VA_ARGS__)))

static void begin(void)
{
	memset(count_, 0, sizeof(count_));
	violations_ = 0;
	(void)violations_;	/* with checks off nobody reads it */
}

static void end(int line, const char *outcome)
{
	for (int i = 0; i < operands_; i++) {
		if (count_[i] == 1)
			continue;
		wrong_++;
		printf("%s: wrong: line %d: on %s operand %d is evaluated %d times\n", row_, line, outcome, i, count_[i]);
		return;
	}
}

#define RUN_(outcome, ...)								\
	do {										\
		begin();								\
		{									\
			__VA_ARGS__;							\
		}									\
		end(__LINE__, outcome);							\
	} while (0)
#define OK(...)		RUN_("success", __VA_ARGS__)
#define FAIL(...)	(failures_++, ({ RUN_("failure", __VA_ARGS__); }))
/* Compiled and not executed: where nobody looks, what happens is undefined. */
#define UNSEEN_(...)									\
	do {										\
		failures_++;								\
		if (!hidden_) {								\
			__VA_ARGS__;							\
		}									\
	} while (0)
#if HF_CHECKS == HF_CHECKS_OFF
#define VIOLATION(...)	UNSEEN_(__VA_ARGS__)
#else
#define VIOLATION(...)									\
	do {										\
		failures_++;								\
		begin();								\
		armed_ = true;								\
		if (!setjmp(out_)) {							\
			__VA_ARGS__;							\
		}									\
		armed_ = false;								\
		end(__LINE__, "violation");						\
		if (violations_ != 1 && !wrong_++)					\
			printf("%s: wrong: line %d: %d violations\n", row_, __LINE__, violations_); \
	} while (0)
#endif
/* Only in debug builds. */
#if HF_DEBUG
#define DEBUG_VIOLATION(...)	VIOLATION(__VA_ARGS__)
#else
#define DEBUG_VIOLATION(...)	UNSEEN_(__VA_ARGS__)
#endif
#define CANNOT_FAIL	((void)failures_++)

/* The report's caller goes on if the operation can fail; then the violation is over, and counted. */
static bool leave_;
static void hook(const struct hf_violation_report *r)
{
	if (!armed_) {
		printf("%s: wrong: unexpected violation at line %d: %s\n", row_, r->site->line, r->site->expr);
		abort();
	}
	violations_++;
	if (leave_)
		longjmp(out_, 1);
}

struct row {
	const char *name, *parameters;
	void (*run)(void);
	struct row *next;
};
static struct row *rows_, **last_ = &rows_;

#define ROW(macro, parameters_)								\
	static void row_##macro(void);							\
	__attribute__((constructor)) static void add_##macro(void)			\
	{										\
		static struct row row = { .name = #macro, .parameters = parameters_, .run = row_##macro }; \
											\
		*last_ = &row;								\
		last_ = &row.next;							\
	}										\
	static void row_##macro(void)
/* A macro without operands. */
#define NAMES(macro, parameters_)	ROW(macro, parameters_) { CANNOT_FAIL; }

static int operands_of(const char *parameters)
{
	int n = 0;

	for (const char *p = parameters; *p; p++)
		if ((p == parameters || p[-1] == ' ') && *p != '-')
			n++;
	return n;
}

int main(void)
{
	int all = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	hf_user_set_violation_hook(hook);
	for (struct row *r = rows_; r; r = r->next) {
		row_ = r->name;
		operands_ = operands_of(r->parameters);
		wrong_ = failures_ = 0;
		leave_ = true;
		r->run();
		if (!failures_ && !wrong_++)
			printf("%s: wrong: it has neither FAIL(), VIOLATION() nor CANNOT_FAIL\n", row_);
		if (!wrong_)
			printf("%s: ok\n", row_);
		all += wrong_;
	}
	return all != 0;
}

static void use(const volatile void *p)
{
	(void)p;
}
#define USE(e)		({ __auto_type used_ = (e); use(&used_); })

/* --- what the rows use --------------------------------------------------------------------------- */

struct thing {
	struct hf_refs refs;
	struct hf_link link;
	struct hf_map_link by_key;
	const int key;
	int n;
};

static void thing_free(struct thing *t)
{
	hf_free(t);
}

static void thing_end(struct thing *t)
{
	(void)t;
}

HF_OWN_DEFINE(thing, struct thing, thing_free);
HF_ARC_DEFINE(thing, struct thing, refs, thing_end, thing_free);
HF_LIST_DEFINE(things, thing_own, struct thing, link);
HF_MAP_DEFINE(keyed_things, thing_own, struct thing, by_key, key, hf_compare);
HF_TOKEN_DEFINE(job, int);
HF_RESULT_DEFINE(number, int);
HF_PTR_RESULT_DEFINE(thing_ptr, struct thing);
HF_LOCKED_DEFINE(locked_thing, mutex, int);
HF_CONDVAR_DEFINE(locked_thing);
HF_LOCKED_DEFINE(rw_thing, rwlock, int);
HF_LOCKED_BY_DEFINE(by_thing, locked_thing, int);
HF_REVOCABLE_DEFINE(thing_access, srcu, thing_own);
#ifdef HF_USER_IDMAP
HF_IDMAP_DEFINE(numbered, thing_own);
struct numbers {
	struct numbered map;
};
HF_LOCKED_DEFINE(locked_numbers, mutex, struct numbers);
#endif
#ifdef HF_USER_RCU
struct published {
	struct hf_rcu_head rcu;
};

static void published_free(struct published *p)
{
	hf_free(p);
}

HF_RCU_DEFINE(published, struct published, rcu, published_free);
#endif
HF_MMIO_DEFINE(window, 16);

static struct thing_own new_thing(void)
{
	return hf_expect(hf_new(thing, GFP_KERNEL), "there is memory");
}

static struct thing_arc new_arc(void)
{
	return hf_expect(hf_new_arc(thing, GFP_KERNEL), "there is memory");
}

static struct number_result good(void)
{
	return hf_ok(number, 7);
}

static struct number_result bad(void)
{
	return hf_err(number, -EIO);
}

static struct thing_ptr_result bad_ptr(void)
{
	return hf_err(thing_ptr, -EIO);
}

static struct thing_own_result bad_thing(void)
{
	return hf_err(thing_own, -EIO);
}

static const int zero, error = -EIO;

static u8 bytes[4] = { 1, 2, 3, 4 };

static struct u8_slice slice(void)
{
	return hf_slice(u8_slice, bytes);
}

static struct u8_slice part(size_t n)
{
	return hf_expect(hf_array_subslice(u8_slice, bytes, 0, n), "it is shorter");
}

/* --- check.h ------------------------------------------------------------------------------------- */

static const struct hf_violation site_ = { .kind = HF_BOUNDS, .expr = "a test", .file = __FILE__, .func = "row" };

ROW(HF_SITE, "-kind_ -text_")
{
	CANNOT_FAIL;
	OK(USE(HF_SITE(HF_BOUNDS, "text")));
}

ROW(HF_CALLER_SITE, "-kind_ -text_")
{
	CANNOT_FAIL;
	OK(USE(HF_CALLER_SITE(HF_BOUNDS, "text")));
}

ROW(hf_require_at, "site cond")
{
	OK(hf_require_at(ONCE(0, &site_), ONCE(1, true)));
	VIOLATION(hf_require_at(ONCE(0, &site_), ONCE(1, false)));
}

ROW(hf_broken_at, "site cond")
{
	OK(USE(hf_broken_at(ONCE(0, &site_), ONCE(1, true))));
	leave_ = false;
	VIOLATION(USE(hf_broken_at(ONCE(0, &site_), ONCE(1, false))));
}

ROW(hf_require, "-kind cond")
{
	OK(hf_require(HF_BOUNDS, ONCE(0, true)));
	VIOLATION(hf_require(HF_BOUNDS, ONCE(0, false)));
}

ROW(hf_broken, "-kind cond")
{
	OK(USE(hf_broken(HF_BOUNDS, ONCE(0, true))));
	leave_ = false;
	VIOLATION(USE(hf_broken(HF_BOUNDS, ONCE(0, false))));
}

ROW(hf_violation, "v")
{
	leave_ = false;
	VIOLATION(hf_violation(ONCE(0, &site_)));
}

ROW(hf_violation_fatal, "v")
{
	VIOLATION(hf_violation_fatal(ONCE(0, &site_)));
}

ROW(hf_violation_index, "v i len")
{
	VIOLATION(hf_violation_index(ONCE(0, &site_), ONCE(1, 4), ONCE(2, 4)));
}

ROW(hf_violation_range, "v from n len")
{
	VIOLATION(hf_violation_range(ONCE(0, &site_), ONCE(1, 4), ONCE(2, 1), ONCE(3, 4)));
}

/* --- result.h ------------------------------------------------------------------------------------ */

NAMES(HF_RESULT_DEFINE, "-name -T")
NAMES(HF_PTR_RESULT_DEFINE, "-name -T")
NAMES(HF_OPTION_DEFINE, "-name -T")

ROW(hf_ok, "-name v")
{
	CANNOT_FAIL;
	OK(USE(hf_ok(number, ONCE(0, 1))));
}

ROW(hf_some, "-name v")
{
	CANNOT_FAIL;
	OK(USE(hf_some(number, ONCE(0, 1))));
}

ROW(hf_none, "-name")
{
	CANNOT_FAIL;
	OK(USE(hf_none(number)));
}

ROW(hf_err, "-name e")
{
	OK(USE(hf_err(number, ONCE(0, -EIO))));
	OK(USE(hf_err(thing_ptr, ONCE(0, error))));
	leave_ = false;
	VIOLATION(USE(hf_err(number, ONCE(0, hidden_))));
}

ROW(hf_errno, "r")
{
	OK(USE(hf_errno(ONCE(0, good()))));
	FAIL(USE(hf_errno(ONCE(0, bad()))));
	FAIL(USE(hf_errno(ONCE(0, bad_ptr()))));
}

ROW(hf_is_ok, "r")
{
	OK(USE(hf_is_ok(ONCE(0, good()))));
	FAIL(USE(hf_is_ok(ONCE(0, bad()))));
	FAIL(USE(hf_is_ok(ONCE(0, bad_ptr()))));
}

static int try_(bool fails)
{
	return hf_try(ONCE(0, fails ? bad() : good()));
}

static int try_ptr_(void)
{
	return hf_try(ONCE(0, bad_ptr()))->n;
}

ROW(hf_try, "e")
{
	OK(try_(false));
	FAIL(try_(true));
	FAIL(try_ptr_());
}

static struct number_result try_in_(bool fails)
{
	return hf_ok(number, hf_try_in(number, ONCE(0, fails ? bad() : good())));
}

ROW(hf_try_in, "-name e")
{
	OK(USE(try_in_(false)));
	FAIL(USE(try_in_(true)));
}

static bool try_or_(bool fails)
{
	return hf_try_or(ONCE(0, fails ? bad() : good()), ONCE(1, false)) > 0;
}

ROW(hf_try_or, "e value")
{
	OK(try_or_(false));
	FAIL(try_or_(true));
}

static int try_errno_(int err)
{
	hf_try_errno(ONCE(0, err));
	return 0;
}

ROW(hf_try_errno, "e")
{
	OK(try_errno_(0));
	FAIL(try_errno_(-EIO));
}

static struct number_result try_errno_in_(int err)
{
	hf_try_errno_in(number, ONCE(0, err));
	return good();
}

ROW(hf_try_errno_in, "-name e")
{
	OK(USE(try_errno_in_(0)));
	FAIL(USE(try_errno_in_(-EIO)));
}

static void *try_errno_or_(int err)
{
	hf_try_errno_or(ONCE(0, err), ONCE(1, NULL));
	return &count_;
}

ROW(hf_try_errno_or, "e value")
{
	OK(try_errno_or_(0));
	FAIL(try_errno_or_(-EIO));
}

ROW(hf_store_ok, "place e")
{
	int n = 0;

	OK(USE(hf_store_ok(PLACE(0, n), ONCE(1, good()))));
	FAIL(USE(hf_store_ok(PLACE(0, n), ONCE(1, bad()))));
}

ROW(hf_ok_or, "e other")
{
	OK(USE(hf_ok_or(ONCE(0, good()), ONCE(1, 1))));
	FAIL(USE(hf_ok_or(ONCE(0, bad()), ONCE(1, 1))));
}

ROW(hf_expect, "e -why")
{
	OK(USE(hf_expect(ONCE(0, good()), "it is good")));
	VIOLATION(USE(hf_expect(ONCE(0, bad()), "it is not")));
}

/* --- own.h --------------------------------------------------------------------------------------- */

NAMES(HF_OWN_DEFINE, "-name -T -drop_fn")

ROW(hf_let, "-name -var init")
{
	CANNOT_FAIL;
	OK(hf_let(thing, t, ONCE(0, new_thing())));
	OK(hf_let(thing, t, ONCE(0, hf_empty(thing_own))));
}

NAMES(hf_empty, "-kind")

ROW(hf_is_empty, "o")
{
	struct thing_own o = new_thing();

	CANNOT_FAIL;
	OK(USE(hf_is_empty(PLACE(0, o))));
	thing_own_drop(&o);
	OK(USE(hf_is_empty(PLACE(0, o))));
}

ROW(hf_move, "o")
{
	static struct thing_own o;

	hf_set(o, new_thing());
	OK(hf_let(thing, t, hf_move(PLACE(0, o))));
	VIOLATION(hf_let(thing, t, hf_move(PLACE(0, o))));
}

ROW(hf_take, "place")
{
	struct thing_own o = new_thing();

	CANNOT_FAIL;
	OK(hf_let(thing, t, hf_take(PLACE(0, o))));
	OK(hf_let(thing, t, hf_take(PLACE(0, o))));
}

ROW(hf_set, "place value")
{
	static struct thing_own o;
	struct thing_own lost = new_thing();
	struct thing *p = lost.own.ptr_;

	OK(hf_set(PLACE(0, o), ONCE(1, new_thing())));
	VIOLATION(hf_set(PLACE(0, o), ONCE(1, hf_move(lost))));
	hf_free(p);
	thing_own_drop(&o);
}

ROW(hf_set_ok, "place e")
{
	static struct thing_own o;

	FAIL(USE(hf_set_ok(PLACE(0, o), ONCE(1, bad_thing()))));
	OK(USE(hf_set_ok(PLACE(0, o), ONCE(1, hf_new(thing, GFP_KERNEL)))));
	VIOLATION(USE(hf_set_ok(PLACE(0, o), ONCE(1, hf_new(thing, GFP_KERNEL)))));
	thing_own_drop(&o);
}

ROW(hf_replace, "place value")
{
	struct thing_own o = new_thing();

	CANNOT_FAIL;
	OK(hf_let(thing, t, hf_replace(PLACE(0, o), ONCE(1, new_thing()))));
	thing_own_drop(&o);
	OK(hf_let(thing, t, hf_replace(PLACE(0, o), ONCE(1, new_thing()))));
	thing_own_drop(&o);
}

static struct thing_own empty_;

ROW(hf_ref, "o")
{
	struct thing_own o = new_thing();

	OK(USE(hf_ref(PLACE(0, o))));
	VIOLATION(USE(hf_ref(PLACE(0, empty_))));
	thing_own_drop(&o);
}

ROW(hf_mut, "o")
{
	struct thing_own o = new_thing();

	OK(USE(hf_mut(PLACE(0, o))));
	VIOLATION(USE(hf_mut(PLACE(0, empty_))));
	thing_own_drop(&o);
}

ROW(hf_borrow, "-r o")
{
	struct thing_own o = new_thing();

	OK(hf_borrow(r, PLACE(0, o)); use(r));
	VIOLATION(hf_borrow(r, PLACE(0, empty_)); use(r));
	thing_own_drop(&o);
}

ROW(hf_borrow_mut, "-m o")
{
	struct thing_own o = new_thing();

	OK(hf_borrow_mut(m, PLACE(0, o)); use(m));
	VIOLATION(hf_borrow_mut(m, PLACE(0, empty_)); use(m));
	thing_own_drop(&o);
}

ROW(hf_drop, "-name var")
{
	struct thing_own o = new_thing();

	OK(hf_drop(thing, PLACE(0, o)));
	VIOLATION(hf_drop(thing, PLACE(0, empty_)));
}

ROW(hf_drop_ok, "-kind e")
{
	OK(hf_drop_ok(thing_own, ONCE(0, hf_new(thing, GFP_KERNEL))));
	FAIL(hf_drop_ok(thing_own, ONCE(0, bad_thing())));
}

ROW(hf_new, "-name gfp")
{
	OK(hf_let(thing, t, hf_expect(hf_new(thing, ONCE(0, GFP_KERNEL)), "there is memory")));
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_new(thing, ONCE(0, GFP_KERNEL)))));
}

ROW(hf_free, "p")
{
	CANNOT_FAIL;
	OK(hf_free(ONCE(0, NULL)));
}

ROW(hf_adopt_unchecked, "-name p")
{
	/* SAFETY: adopted below. */
	struct thing *p = hf_leak(*(struct thing_own[]){ new_thing() });

	CANNOT_FAIL;
	/* SAFETY: its owner was leaked. */
	OK(hf_let(thing, t, hf_adopt_unchecked(thing, ONCE(0, p))));
}

ROW(hf_leak, "o")
{
	struct thing_own o = new_thing();
	struct thing *p;

	/* SAFETY: freed below. */
	OK(p = hf_leak(PLACE(0, o)));
	hf_free(p);
	/* SAFETY: it owns nothing. */
	VIOLATION(p = hf_leak(PLACE(0, empty_)));
}

/* --- arc.h --------------------------------------------------------------------------------------- */

NAMES(HF_ARC_DEFINE, "-name -T -refs -destroy_fn -release_fn")
NAMES(HF_ARC_TYPES, "-name -T")
NAMES(HF_ARC_FUNCTIONS, "-name -T -refs -destroy_fn -release_fn")

static struct thing_arc no_arc_;

ROW(hf_let_arc, "-name -var init")
{
	CANNOT_FAIL;
	OK(hf_let_arc(thing, a, ONCE(0, new_arc())));
}

ROW(hf_let_weak, "-name -var init")
{
	struct thing_arc a = new_arc();

	CANNOT_FAIL;
	OK(hf_let_weak(thing, w, ONCE(0, hf_downgrade(thing, a))));
	thing_arc_drop(&a);
}

ROW(hf_drop_arc, "-name var")
{
	struct thing_arc a = new_arc();

	OK(hf_drop_arc(thing, PLACE(0, a)));
	VIOLATION(hf_drop_arc(thing, PLACE(0, no_arc_)));
}

ROW(hf_new_arc, "-name gfp")
{
	OK(hf_let_arc(thing, a, hf_expect(hf_new_arc(thing, ONCE(0, GFP_KERNEL)), "there is memory")));
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_new_arc(thing, ONCE(0, GFP_KERNEL)))));
}

static int thing_init(struct thing *t, int *arg)
{
	hf_refs_init(&t->refs);
	return *arg;
}

ROW(hf_new_arc_with, "-name gfp init arg")
{
	int err = 0;

	OK(hf_let_arc(thing, a, hf_expect(hf_new_arc_with(thing, ONCE(0, GFP_KERNEL), ONCE(1, thing_init), ONCE(2, &err)), "memory")));
	err = -EIO;
	FAIL(USE(hf_errno(hf_new_arc_with(thing, ONCE(0, GFP_KERNEL), ONCE(1, thing_init), ONCE(2, &err)))));
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_new_arc_with(thing, ONCE(0, GFP_KERNEL), ONCE(1, thing_init), ONCE(2, &err)))));
}

ROW(hf_clone, "arc")
{
	struct thing_arc a = new_arc();

	OK(hf_let_arc(thing, b, hf_clone(PLACE(0, a))));
	VIOLATION(hf_let_arc(thing, b, hf_clone(PLACE(0, no_arc_))));
	thing_arc_drop(&a);
}

ROW(hf_arc_from, "-name borrow")
{
	struct thing_arc a = new_arc();
	static struct thing dead;

	OK(hf_let_arc(thing, b, hf_arc_from(thing, ONCE(0, hf_ref(a)))));
	leave_ = false;
	VIOLATION(USE(hf_arc_from(thing, ONCE(0, &dead)).own.ptr_));
	thing_arc_drop(&a);
}

ROW(hf_downgrade, "-name arc")
{
	struct thing_arc a = new_arc();

	OK(hf_let_weak(thing, w, hf_downgrade(thing, PLACE(0, a))));
	VIOLATION(hf_let_weak(thing, w, hf_downgrade(thing, PLACE(0, no_arc_))));
	thing_arc_drop(&a);
}

ROW(hf_upgrade, "-name weak")
{
	struct thing_arc a = new_arc();
	struct thing_weak w = hf_downgrade(thing, a);

	OK(hf_let_arc(thing, b, hf_expect(hf_upgrade(thing, PLACE(0, w)), "it is alive")));
	thing_arc_drop(&a);
	FAIL(USE(hf_errno(hf_upgrade(thing, PLACE(0, w)))));
	thing_weak_drop(&w);
}

ROW(hf_arc_unique, "arc")
{
	struct thing_arc a = new_arc();
	struct thing_arc b;

	OK(USE(hf_errno(hf_arc_unique(PLACE(0, a)))));
	memset(&b, 0, sizeof(b));
	hf_set(b, hf_clone(a));
	FAIL(USE(hf_errno(hf_arc_unique(PLACE(0, a)))));
	VIOLATION(USE(hf_errno(hf_arc_unique(PLACE(0, no_arc_)))));
	thing_arc_drop(&b);
	thing_arc_drop(&a);
}

ROW(hf_adopt_arc_unchecked, "-name p")
{
	struct thing_arc a = new_arc();
	struct thing *p = a.own.ptr_;

	CANNOT_FAIL;
	a.own.ptr_ = NULL;
	/* SAFETY: its reference was that of the arc, which has none now. */
	OK(hf_let_arc(thing, b, hf_adopt_arc_unchecked(thing, ONCE(0, p))));
}

/* --- pin.h, scope.h, token.h --------------------------------------------------------------------- */

ROW(hf_new_with, "-name gfp init arg")
{
	int err = 0;

	OK(hf_let(thing, t, hf_expect(hf_new_with(thing, ONCE(0, GFP_KERNEL), ONCE(1, thing_init), ONCE(2, &err)), "memory")));
	err = -EIO;
	FAIL(USE(hf_errno(hf_new_with(thing, ONCE(0, GFP_KERNEL), ONCE(1, thing_init), ONCE(2, &err)))));
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_new_with(thing, ONCE(0, GFP_KERNEL), ONCE(1, thing_init), ONCE(2, &err)))));
}

static void nothing(void *arg)
{
	(void)arg;
}

ROW(hf_defer, "-var fn arg")
{
	CANNOT_FAIL;
	OK(hf_defer(d, ONCE(0, nothing), ONCE(1, &count_)));
}

ROW(hf_dismiss, "var")
{
	hf_defer(d, nothing, NULL);
	CANNOT_FAIL;
	OK(hf_dismiss(PLACE(0, d)));
}

NAMES(HF_TOKEN_DEFINE, "-name -T")

static struct job_token settled_;

ROW(hf_oblige, "-name v")
{
	CANNOT_FAIL;
	OK(hf_owe(job, t, hf_oblige(job, ONCE(0, 1))); USE(hf_settle(t)));
}

ROW(hf_owe, "-name -var init")
{
	OK(hf_owe(job, t, ONCE(0, hf_oblige(job, 1))); USE(hf_settle(t)));
	VIOLATION(hf_owe(job, t, ONCE(0, hf_oblige(job, 1))));
}

ROW(hf_owed, "t")
{
	CANNOT_FAIL;
	OK(USE(hf_owed(PLACE(0, settled_))));
}

ROW(hf_token_value, "t")
{
	hf_owe(job, t, hf_oblige(job, 1));
	OK(USE(hf_token_value(PLACE(0, t))));
	VIOLATION(USE(hf_token_value(PLACE(0, settled_))));
	USE(hf_settle(t));
}

ROW(hf_settle, "t")
{
	hf_owe(job, t, hf_oblige(job, 1));
	OK(USE(hf_settle(PLACE(0, t))));
	VIOLATION(USE(hf_settle(PLACE(0, settled_))));
}

ROW(hf_pass, "t")
{
	hf_owe(job, t, hf_oblige(job, 1));
	OK(hf_owe(job, u, hf_pass(PLACE(0, t))); USE(hf_settle(u)));
	VIOLATION(hf_owe(job, u, hf_pass(PLACE(0, settled_))); USE(hf_settle(u)));
}

ROW(hf_token_take, "place")
{
	static struct job_token place;

	CANNOT_FAIL;
	hf_token_set(place, hf_oblige(job, 1));
	OK(hf_owe(job, t, hf_token_take(PLACE(0, place))); USE(hf_settle(t)));
}

ROW(hf_token_set, "place token")
{
	static struct job_token place;

	OK(hf_token_set(PLACE(0, place), ONCE(1, hf_oblige(job, 1))));
	VIOLATION(hf_token_set(PLACE(0, place), ONCE(1, hf_oblige(job, 1))));
	hf_owe(job, t, hf_token_take(place));
	USE(hf_settle(t));
}

ROW(hf_token_fini, "place")
{
	static struct job_token place;

	OK(hf_token_fini(PLACE(0, place)));
	hf_token_set(place, hf_oblige(job, 1));
	VIOLATION(hf_token_fini(PLACE(0, place)));
	hf_owe(job, t, hf_token_take(place));
	USE(hf_settle(t));
}

/* --- slice.h ------------------------------------------------------------------------------------- */

NAMES(HF_SLICE_DEFINE, "-name -T")

ROW(hf_slice, "-kind array")
{
	CANNOT_FAIL;
	OK(USE(hf_slice(u8_slice, PLACE(0, bytes))));
}

ROW(hf_array_subslice, "-kind array from n")
{
	OK(USE(hf_array_subslice(u8_slice, PLACE(0, bytes), ONCE(1, 1), ONCE(2, 2))));
	FAIL(USE(hf_array_subslice(u8_slice, PLACE(0, bytes), ONCE(1, hidden_), ONCE(2, 2))));
}

ROW(hf_str, "-literal")
{
	CANNOT_FAIL;
	OK(USE(hf_str("two words")));
}

ROW(hf_bytes, "s")
{
	CANNOT_FAIL;
	OK(USE(hf_bytes(ONCE(0, slice()))));
}

ROW(hf_slice_unchecked, "-kind p n")
{
	CANNOT_FAIL;
	/* SAFETY: it is an array of four. */
	OK(USE(hf_slice_unchecked(u8_slice, ONCE(0, bytes), ONCE(1, 4))));
}

ROW(hf_const, "s")
{
	CANNOT_FAIL;
	OK(USE(hf_const(ONCE(0, slice()))));
}

ROW(hf_len, "s")
{
	CANNOT_FAIL;
	OK(USE(hf_len(ONCE(0, slice()))));
}

ROW(hf_ptr_unchecked, "s")
{
	CANNOT_FAIL;
	/* SAFETY: nobody uses it. */
	OK(USE(hf_ptr_unchecked(ONCE(0, slice()))));
}

ROW(hf_get, "s i")
{
	OK(USE(hf_get(ONCE(0, slice()), ONCE(1, 3))));
	FAIL(USE(hf_get(ONCE(0, slice()), ONCE(1, 4))));
}

ROW(hf_at, "s i")
{
	OK(hf_at(ONCE(0, slice()), ONCE(1, 3))++);
	VIOLATION(hf_at(ONCE(0, slice()), ONCE(1, hidden_))++);
}

ROW(hf_array_at, "array i")
{
	OK(hf_array_at(PLACE(0, bytes), ONCE(1, 3))++);
	VIOLATION(hf_array_at(PLACE(0, bytes), ONCE(1, hidden_))++);
}

ROW(hf_subslice, "s from n")
{
	OK(USE(hf_subslice(ONCE(0, slice()), ONCE(1, 1), ONCE(2, 2))));
	FAIL(USE(hf_subslice(ONCE(0, slice()), ONCE(1, 5), ONCE(2, 2))));
	FAIL(USE(hf_subslice(ONCE(0, slice()), ONCE(1, 1), ONCE(2, 4))));
}

ROW(hf_split_at, "s n")
{
	OK(USE(hf_split_at(ONCE(0, slice()), ONCE(1, 1))));
	FAIL(USE(hf_split_at(ONCE(0, slice()), ONCE(1, 5))));
}

ROW(hf_copy, "to from")
{
	OK(USE(hf_copy(ONCE(0, slice()), ONCE(1, slice()))));
	FAIL(USE(hf_copy(ONCE(0, slice()), ONCE(1, part(2)))));
}

ROW(hf_fill, "s v")
{
	CANNOT_FAIL;
	OK(hf_fill(ONCE(0, slice()), ONCE(1, 1)));
	OK(hf_fill(ONCE(0, part(0)), ONCE(1, 1)));
}

ROW(hf_for_each, "-p s")
{
	CANNOT_FAIL;
	OK(hf_for_each(p, ONCE(0, slice())) use(p));
	OK(hf_for_each(p, ONCE(0, slice())) { use(p); break; });
}

ROW(hf_zip, "-p s -q t")
{
	CANNOT_FAIL;
	OK(hf_zip(p, ONCE(0, slice()), q, ONCE(1, slice())) use(p + (p - q)));
}

ROW(hf_grid, "s rows columns stride")
{
	OK(USE(hf_grid(ONCE(0, slice()), ONCE(1, 2), ONCE(2, 2), ONCE(3, 2))));
	FAIL(USE(hf_grid(ONCE(0, slice()), ONCE(1, 3), ONCE(2, 2), ONCE(3, 2))));
	FAIL(USE(hf_grid(ONCE(0, slice()), ONCE(1, 1), ONCE(2, 2), ONCE(3, 1))));
}

ROW(hf_row, "g y")
{
	static struct u8_slice_grid g;

	g = hf_expect(hf_grid(slice(), 2, 2, 2), "it fits");
	OK(USE(hf_row(ONCE(0, g), ONCE(1, 1))));
	VIOLATION(USE(hf_row(ONCE(0, g), ONCE(1, 2))));
}

ROW(hf_for_each_row, "-row g")
{
	struct u8_slice_grid g = hf_expect(hf_grid(slice(), 2, 2, 2), "it fits");

	CANNOT_FAIL;
	OK(hf_for_each_row(row, ONCE(0, g)) use(&row));
}

/* --- vec.h --------------------------------------------------------------------------------------- */

NAMES(HF_VEC_DEFINE, "-name")
NAMES(HF_OWNING_VEC_DEFINE, "-name -drop_fn")
NAMES(hf_let_vec, "-name -var")
NAMES(HF_TRAILING, "-T -name")

ROW(hf_vec_reserve, "v more gfp")
{
	hf_let_vec(u8, v);
	OK(USE(hf_vec_reserve(ONCE(0, &v), ONCE(1, 3), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_reserve(ONCE(0, &v), ONCE(1, 3), ONCE(2, GFP_KERNEL))));
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_reserve(ONCE(0, &v), ONCE(1, 300), ONCE(2, GFP_KERNEL))));
}

ROW(hf_vec_push_within, "v x")
{
	hf_let_vec(u8, v);
	FAIL(USE(hf_vec_push_within(ONCE(0, &v), ONCE(1, 1))));
	USE(hf_vec_reserve(&v, 1, GFP_KERNEL));
	OK(USE(hf_vec_push_within(ONCE(0, &v), ONCE(1, 1))));
}

ROW(hf_vec_push, "v x gfp")
{
	hf_let_vec(u8, v);
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_push(ONCE(0, &v), ONCE(1, 1), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_push(ONCE(0, &v), ONCE(1, 1), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_push(ONCE(0, &v), ONCE(1, 1), ONCE(2, GFP_KERNEL))));
}

struct owned_ {
	u8 *bytes;
};

static void owned_drop_(struct owned_ *o)
{
	hf_free(o->bytes);
}

HF_SLICE_DEFINE(owned_, struct owned_);
HF_OWNING_VEC_DEFINE(owned_, owned_drop_);

ROW(hf_vec_push_own, "-name v x gfp")
{
	hf_let_vec(owned_, v);
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_push_own(owned_, ONCE(0, &v), ONCE(1, (struct owned_){ 0 }), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_push_own(owned_, ONCE(0, &v), ONCE(1, (struct owned_){ 0 }), ONCE(2, GFP_KERNEL))));
}

ROW(hf_vec_insert, "v i x gfp")
{
	hf_let_vec(u8, v);
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_insert(ONCE(0, &v), ONCE(1, 0), ONCE(2, 1), ONCE(3, GFP_KERNEL))));
	OK(USE(hf_vec_insert(ONCE(0, &v), ONCE(1, 0), ONCE(2, 1), ONCE(3, GFP_KERNEL))));
	OK(USE(hf_vec_insert(ONCE(0, &v), ONCE(1, 0), ONCE(2, 1), ONCE(3, GFP_KERNEL))));
	FAIL(USE(hf_vec_insert(ONCE(0, &v), ONCE(1, 3), ONCE(2, 1), ONCE(3, GFP_KERNEL))));
}

ROW(hf_vec_insert_own, "-name v i x gfp")
{
	hf_let_vec(owned_, v);
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_insert_own(owned_, ONCE(0, &v), ONCE(1, 0), ONCE(2, (struct owned_){ 0 }),
				   ONCE(3, GFP_KERNEL))));
	OK(USE(hf_vec_insert_own(owned_, ONCE(0, &v), ONCE(1, 0), ONCE(2, (struct owned_){ 0 }),
				 ONCE(3, GFP_KERNEL))));
	FAIL(USE(hf_vec_insert_own(owned_, ONCE(0, &v), ONCE(1, 2), ONCE(2, (struct owned_){ 0 }),
				   ONCE(3, GFP_KERNEL))));
}

ROW(hf_vec_extend, "v s gfp")
{
	hf_let_vec(u8, v);
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_extend(ONCE(0, &v), ONCE(1, slice()), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_extend(ONCE(0, &v), ONCE(1, slice()), ONCE(2, GFP_KERNEL))));
}

ROW(hf_vec_resize, "v n gfp")
{
	hf_let_vec(u8, v);
	hf_user_fail_alloc(1);
	FAIL(USE(hf_vec_resize(ONCE(0, &v), ONCE(1, 300), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_resize(ONCE(0, &v), ONCE(1, 300), ONCE(2, GFP_KERNEL))));
	OK(USE(hf_vec_resize(ONCE(0, &v), ONCE(1, 3), ONCE(2, GFP_KERNEL))));
}

struct trailed_ {
	int port;
	HF_TRAILING(u8, data);
};

static void trailed_drop_(struct trailed_ *t)
{
	hf_free(t);
}

HF_OWN_DEFINE(trailed_, struct trailed_, trailed_drop_);

ROW(hf_new_array, "-name -member n gfp")
{
	OK(hf_let(trailed_, t, hf_expect(hf_new_array(trailed_, data, ONCE(0, 9), ONCE(1, GFP_KERNEL)), "memory")));
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_new_array(trailed_, data, ONCE(0, 9), ONCE(1, GFP_KERNEL)))));
}

ROW(hf_trailing, "-kind p -member")
{
	static struct trailed_ none;

	CANNOT_FAIL;
	OK(USE(hf_trailing(u8_slice, ONCE(0, &none), data)));
}

ROW(hf_vec_pop, "-name v")
{
	hf_let_vec(u8, v);
	FAIL(USE(hf_vec_pop(u8, ONCE(0, &v))));
	USE(hf_vec_push(&v, 1, GFP_KERNEL));
	OK(USE(hf_vec_pop(u8, ONCE(0, &v))));
}

ROW(hf_vec_remove, "-name v i")
{
	hf_let_vec(u8, v);
	FAIL(USE(hf_vec_remove(u8, ONCE(0, &v), ONCE(1, 0))));
	USE(hf_vec_push(&v, 1, GFP_KERNEL));
	OK(USE(hf_vec_remove(u8, ONCE(0, &v), ONCE(1, 0))));
}

ROW(hf_vec_truncate, "v n")
{
	hf_let_vec(u8, v);
	CANNOT_FAIL;
	OK(hf_vec_truncate(ONCE(0, &v), ONCE(1, 0)));
	USE(hf_vec_push(&v, 1, GFP_KERNEL));
	OK(hf_vec_truncate(ONCE(0, &v), ONCE(1, 0)));
}

ROW(hf_vec_slice, "v")
{
	hf_let_vec(u8, v);
	CANNOT_FAIL;
	OK(USE(hf_vec_slice(ONCE(0, &v))));
}

/* --- num.h --------------------------------------------------------------------------------------- */

ROW(hf_to_u8, "v")
{
	OK(USE(hf_to_u8(ONCE(0, 1))));
	FAIL(USE(hf_to_u8(ONCE(0, 256))));
}

ROW(hf_to_u16, "v")
{
	OK(USE(hf_to_u16(ONCE(0, 1))));
	FAIL(USE(hf_to_u16(ONCE(0, 65536))));
}

ROW(hf_to_u32, "v")
{
	OK(USE(hf_to_u32(ONCE(0, 1))));
	FAIL(USE(hf_to_u32(ONCE(0, 1LL << 32))));
}

ROW(hf_to_u64, "v")
{
	OK(USE(hf_to_u64(ONCE(0, 1))));
	FAIL(USE(hf_to_u64(ONCE(0, -1))));
}

ROW(hf_to_size, "v")
{
	OK(USE(hf_to_size(ONCE(0, 1))));
	FAIL(USE(hf_to_size(ONCE(0, -1))));
}

ROW(hf_to_s32, "v")
{
	OK(USE(hf_to_s32(ONCE(0, 1))));
	FAIL(USE(hf_to_s32(ONCE(0, 1LL << 31))));
}

ROW(hf_to_s64, "v")
{
	OK(USE(hf_to_s64(ONCE(0, 1))));
	FAIL(USE(hf_to_s64(ONCE(0, ~0ULL))));
}

ROW(hf_below, "x bound")
{
	OK(USE(hf_below(ONCE(0, hf_untrusted_u8(3)), ONCE(1, 4))));
	FAIL(USE(hf_below(ONCE(0, hf_untrusted_u8(4)), ONCE(1, 4))));
}

ROW(hf_below_nospec, "x bound")
{
	OK(USE(hf_below_nospec(ONCE(0, hf_untrusted_u8(3)), ONCE(1, 4))));
	FAIL(USE(hf_below_nospec(ONCE(0, hf_untrusted_u8(4)), ONCE(1, 4))));
}

ROW(hf_at_most, "x max")
{
	OK(USE(hf_at_most(ONCE(0, hf_untrusted_u8(4)), ONCE(1, 4))));
	FAIL(USE(hf_at_most(ONCE(0, hf_untrusted_u8(5)), ONCE(1, 4))));
}

ROW(hf_in_range, "x low high")
{
	OK(USE(hf_in_range(ONCE(0, hf_untrusted_u8(4)), ONCE(1, 1), ONCE(2, 4))));
	FAIL(USE(hf_in_range(ONCE(0, hf_untrusted_u8(5)), ONCE(1, 1), ONCE(2, 4))));
	FAIL(USE(hf_in_range(ONCE(0, hf_untrusted_u8(5)), ONCE(1, -1), ONCE(2, -4))));
}

ROW(hf_mask, "x bits")
{
	CANNOT_FAIL;
	OK(USE(hf_mask(ONCE(0, hf_untrusted_u8(5)), ONCE(1, 3))));
}

ROW(hf_bits, "x low width")
{
	CANNOT_FAIL;
	OK(USE(hf_bits(ONCE(0, hf_untrusted_u8(5)), ONCE(1, 1), ONCE(2, 2))));
}

ROW(hf_equals, "x v")
{
	CANNOT_FAIL;
	OK(USE(hf_equals(ONCE(0, hf_untrusted_u8(5)), ONCE(1, 5))));
	OK(USE(hf_equals(ONCE(0, hf_untrusted_u8(5)), ONCE(1, 6))));
}

ROW(hf_accept_any, "x")
{
	CANNOT_FAIL;
	OK(USE(hf_accept_any(ONCE(0, hf_untrusted_u8(5)))));
}

ROW(hf_from_le, "x")
{
	CANNOT_FAIL;
	OK(USE(hf_from_le(ONCE(0, hf_le16(5)))));
}

ROW(hf_from_be, "x")
{
	CANNOT_FAIL;
	OK(USE(hf_from_be(ONCE(0, hf_be32(5)))));
}

/* --- cursor.h ------------------------------------------------------------------------------------ */

struct wire_ {
	struct hf_le32 word;
};

HF_WIRE_TYPE(wire_, struct wire_, HF_WIRE(word));

NAMES(HF_WIRE, "-member")
NAMES(HF_SLEEPS_DECLARE, "-fn")
NAMES(HF_WIRE_TYPE, "-name -T -members")

ROW(hf_view, "-name s offset")
{
	OK(USE(hf_view(wire_, ONCE(0, slice()), ONCE(1, 0))));
	FAIL(USE(hf_view(wire_, ONCE(0, slice()), ONCE(1, 9999))));
}

ROW(hf_bytes_of, "-name x")
{
	static struct wire_ w;

	CANNOT_FAIL;
	OK(USE(hf_bytes_of(wire_, PLACE(0, w))));
}

ROW(hf_uaccess_read_as, "-name r")
{
	static struct wire_ w;
	struct hf_uaccess_reader r = hf_uaccess_reader(&w, sizeof(w));

	OK(USE(hf_uaccess_read_as(wire_, ONCE(0, &r))));
	FAIL(USE(hf_uaccess_read_as(wire_, ONCE(0, &r))));
}

ROW(hf_remaining, "cursor")
{
	struct hf_reader r = hf_reader(hf_const(slice()));

	CANNOT_FAIL;
	OK(USE(hf_remaining(ONCE(0, &r))));
}

ROW(hf_subreader, "r n")
{
	struct hf_reader r = hf_reader(hf_const(slice()));

	OK(USE(hf_subreader(ONCE(0, &r), ONCE(1, hf_untrusted_u8(1)))));
	FAIL(USE(hf_subreader(ONCE(0, &r), ONCE(1, hf_untrusted_u8(9)))));
}

/* --- list.h -------------------------------------------------------------------------------------- */

NAMES(HF_LIST_DEFINE, "-name -handle -T -link")

ROW(hf_list_cursor, "-c l")
{
	static struct things l;

	things_init(&l);
	CANNOT_FAIL;
	OK(hf_list_cursor(c, ONCE(0, &l)); USE(things_next(&c)));
	things_fini(&l);
}

ROW(hf_linked, "x")
{
	struct hf_link x = { .in_ = NULL };

	CANNOT_FAIL;
	OK(USE(hf_linked(ONCE(0, &x))));
}

ROW(hf_link_fini, "x")
{
	static struct things l;
	struct thing *t;

	things_init(&l);
	hf_let(thing, o, new_thing());
	t = hf_mut(o);
	OK(hf_link_fini(ONCE(0, &t->link)));
	things_push_back(&l, hf_move(o));
	VIOLATION(hf_link_fini(ONCE(0, &t->link)));
	things_clear(&l);
}

/* --- map.h --------------------------------------------------------------------------------------- */

NAMES(HF_MAP_DEFINE, "-name -handle -T -link -key -compare")

ROW(hf_map_cursor, "-c m")
{
	CANNOT_FAIL;
#ifndef HF_USER_NO_TREE
	static struct keyed_things m;

	keyed_things_init(&m);
	OK(hf_map_cursor(c, ONCE(0, &m)); USE(keyed_things_next(&c)));
	keyed_things_fini(&m);
#endif
}

ROW(hf_compare, "a b")
{
	const u64 one = 1, two = 2;

	CANNOT_FAIL;
	OK(USE(hf_compare(ONCE(0, &one), ONCE(1, &two))));
}

/* --- lock.h, wait.h ------------------------------------------------------------------------------ */

NAMES(HF_LOCKED_DEFINE, "-name -kind -T")
NAMES(HF_LOCKED_AFTER_DEFINE, "-name -kind -T -outer")
NAMES(HF_LOCKED_BY_DEFINE, "-name -locked -T")
NAMES(HF_CONDVAR_DEFINE, "-locked")
NAMES(HF_REQUIRES, "-l")
NAMES(HF_REQUIRES_SHARED, "-l")
NAMES(HF_EXCLUDES, "-l")
NAMES(HF_LOCK_IS, "-member -kind")
NAMES(HF_GUARDED_BY, "-member")

static struct locked_thing lock_;
static struct rw_thing rwlock_;

ROW(hf_lock_init, "l")
{
	CANNOT_FAIL;
	OK(hf_lock_init(ONCE(0, &lock_)));
	OK(hf_lock_init(ONCE(0, &rwlock_)));
}

ROW(hf_lock, "-g l")
{
	OK(hf_lock(g, ONCE(0, &lock_)));
	hf_lock(h, &lock_);
	DEBUG_VIOLATION(hf_lock(g, ONCE(0, &lock_)));
}

static struct {
	pthread_mutex_t lock;
	HF_LOCK_IS(lock, mutex);
	int n HF_GUARDED_BY(lock);
} guarded_ = { .lock = PTHREAD_MUTEX_INITIALIZER };

ROW(hf_lock_of, "o -member")
{
	OK(hf_lock(g, hf_lock_of(ONCE(0, &guarded_), lock)); guarded_.n++);
	hf_lock(h, hf_lock_of(&guarded_, lock));
	FAIL(do { hf_lock_else(g, hf_lock_of(ONCE(0, &guarded_), lock), HF_TRY, break); } while (0));
}

ROW(hf_read_lock, "-g l")
{
	CANNOT_FAIL;
	OK(hf_read_lock(g, ONCE(0, &rwlock_)));
}

ROW(hf_write_lock, "-g l")
{
	OK(hf_write_lock(g, ONCE(0, &rwlock_)));
	hf_write_lock(h, &rwlock_);
	DEBUG_VIOLATION(hf_write_lock(g, ONCE(0, &rwlock_)));
}

ROW(hf_lock_nested, "-g l -subclass")
{
	OK(hf_lock_nested(g, ONCE(0, &lock_), 1));
	hf_lock(h, &lock_);
	DEBUG_VIOLATION(hf_lock_nested(g, ONCE(0, &lock_), 1));
}

ROW(hf_lock_else, "-g l -how -...")
{
	OK(do { hf_lock_else(g, ONCE(0, &lock_), HF_TRY, break); } while (0));
	hf_lock(h, &lock_);
	FAIL(do { hf_lock_else(g, ONCE(0, &lock_), HF_TRY, break); } while (0));
}

ROW(hf_read_lock_else, "-g l -how -...")
{
	OK(do { hf_read_lock_else(g, ONCE(0, &rwlock_), HF_TRY, break); } while (0));
	hf_write_lock(h, &rwlock_);
	FAIL(do { hf_read_lock_else(g, ONCE(0, &rwlock_), HF_TRY, break); } while (0));
}

ROW(hf_write_lock_else, "-g l -how -...")
{
	OK(do { hf_write_lock_else(g, ONCE(0, &rwlock_), HF_TRY, break); } while (0));
	hf_read_lock(h, &rwlock_);
	FAIL(do { hf_write_lock_else(g, ONCE(0, &rwlock_), HF_TRY, break); } while (0));
}

ROW(hf_unlocked, "-g")
{
	CANNOT_FAIL;
	hf_lock(g, &lock_);
	OK(hf_unlocked(g));
}

ROW(hf_lend_guard, "-g")
{
	CANNOT_FAIL;
	hf_lock(g, &lock_);
	OK(USE(hf_lend_guard(g)));
}

ROW(hf_use_guard, "-g lent")
{
	CANNOT_FAIL;
	hf_lock(g, &lock_);
	const struct locked_thing_guard lent = hf_lend_guard(g);

	OK(hf_use_guard(h, ONCE(0, lent)));
}

ROW(hf_held, "l")
{
	DEBUG_VIOLATION(USE(hf_held(ONCE(0, &lock_))));
	hf_lock(g, &lock_);
	OK(USE(hf_held(ONCE(0, &lock_))));
}

ROW(hf_held_shared, "l")
{
	hf_read_lock(g, &rwlock_);
	CANNOT_FAIL;
	OK(USE(hf_held_shared(ONCE(0, &rwlock_))));
}

ROW(hf_lock_get_mut_unchecked, "l")
{
	CANNOT_FAIL;
	/* SAFETY: there is no other thread. */
	OK(USE(hf_lock_get_mut_unchecked(ONCE(0, &lock_))));
}

ROW(hf_locked_by_init, "x l")
{
	static struct by_thing x;

	CANNOT_FAIL;
	OK(hf_locked_by_init(ONCE(0, &x), ONCE(1, &lock_)));
}

ROW(hf_access, "x l")
{
	static struct by_thing x;
	static struct locked_thing other;

	hf_lock_init(&other);
	hf_locked_by_init(&x, &lock_);
	hf_lock(g, &lock_);
	hf_lock(h, &other);
	OK(USE(hf_access(ONCE(0, &x), ONCE(1, &lock_))));
	VIOLATION(USE(hf_access(ONCE(0, &x), ONCE(1, &other))));
}

static struct locked_thing_condvar changed_;

ROW(hf_cond_init, "cv")
{
	CANNOT_FAIL;
	OK(hf_cond_init(ONCE(0, &changed_)));
}

ROW(hf_notify_one, "cv")
{
	CANNOT_FAIL;
	OK(hf_notify_one(ONCE(0, &changed_)));
}

ROW(hf_notify_all, "cv")
{
	CANNOT_FAIL;
	OK(hf_notify_all(ONCE(0, &changed_)));
}

ROW(hf_wait, "-cv -g")
{
	CANNOT_FAIL;
	hf_lock(g, &lock_);
	/* It takes another thread to end it: counted as hf_wait_timeout(), which it shares the code with. */
	if (zero)
		hf_wait(ONCE(0, &changed_), g);
	count_[0] = 1;
}

ROW(hf_wait_timeout, "cv -g ms")
{
	hf_lock(g, &lock_);
	FAIL(USE(hf_wait_timeout(ONCE(0, &changed_), g, ONCE(1, 1))));
}

ROW(hf_wait_until, "cv -g end how")
{
	hf_lock(g, &lock_);
	FAIL(USE(hf_wait_until(ONCE(0, &changed_), g, ONCE(1, hf_deadline_in(1)), ONCE(2, HF_KILLABLE))));
}

ROW(hf_wait_interruptible, "-cv -g")
{
	CANNOT_FAIL;
	hf_lock(g, &lock_);
	if (zero)
		USE(hf_wait_interruptible(ONCE(0, &changed_), g));
}

ROW(hf_completion_wait_until, "c end how")
{
	struct hf_completion c;

	hf_completion_init(&c);
	FAIL(USE(hf_completion_wait_until(ONCE(0, &c), ONCE(1, hf_deadline_in(1)), ONCE(2, HF_KILLABLE))));
	hf_complete(&c);
	OK(USE(hf_completion_wait_until(ONCE(0, &c), ONCE(1, hf_deadline_in(1)), ONCE(2, HF_KILLABLE))));
	hf_completion_fini(&c);
}

ROW(hf_cond_fini, "cv")
{
	CANNOT_FAIL;
	OK(hf_cond_fini(ONCE(0, &changed_)));
}

ROW(hf_lock_fini, "l")
{
	CANNOT_FAIL;
	OK(hf_lock_fini(ONCE(0, &lock_)));
}

/* --- file.h --------------------------------------------------------------------------------------- */

NAMES(HF_FILE_DEFINE, "-name -device -file")
NAMES(HF_FILE_OPS, "-name -file ...")

HF_FILE_DEFINE(thing_node, thing_own, thing_own);

static struct thing_own_result open_thing(const struct thing *t, const struct hf_file *how)
{
	(void)t;
	(void)how;
	return hf_ok(thing_own, new_thing());
}

static __poll_t poll_thing(const struct thing *t, struct hf_poll *poll)
{
	(void)t;
	OK(hf_poll_wait(ONCE(0, poll), ONCE(1, &changed_)));
	return EPOLLIN;
}

HF_FILE_OPS(thing_node, thing_own, .open = open_thing, .poll = poll_thing);

ROW(hf_poll_wait, "poll cv")
{
	struct hf_user_file *file;
	__poll_t can;

	CANNOT_FAIL;
	hf_let(thing_node, node, hf_expect(hf_node_register(thing_node, "thing", new_thing(), GFP_KERNEL), "there is none"));
	if (hf_user_open("thing", O_RDWR, &file))
		return;
	can = hf_user_poll(file, EPOLLIN, 0);
	(void)can;
	hf_user_close(file);
}

ROW(hf_node_register, "-name text data gfp")
{
	hf_let(thing_node, node, hf_empty(thing_node_own));

	OK(USE(hf_set_ok(node, hf_node_register(thing_node, ONCE(0, "thing"), ONCE(1, new_thing()), ONCE(2, GFP_KERNEL)))));
	FAIL(USE(hf_errno(hf_node_register(thing_node, ONCE(0, "thing"), ONCE(1, new_thing()), ONCE(2, GFP_KERNEL)))));
}

/* --- pages.h -------------------------------------------------------------------------------------- */

ROW(hf_pages_read_as, "-name p at")
{
	hf_let(hf_pages, pages, hf_expect(hf_new_pages(1, GFP_KERNEL), "there is memory"));

	OK(USE(hf_pages_read_as(wire_, ONCE(0, hf_ref(pages)), ONCE(1, 8))));
	FAIL(USE(hf_pages_read_as(wire_, ONCE(0, hf_ref(pages)), ONCE(1, 9999))));
}

/* --- idmap.h ------------------------------------------------------------------------------------- */

NAMES(HF_IDMAP_DEFINE, "-name -handle")

ROW(hf_idmap_of, "l -member")
{
#ifdef HF_USER_IDMAP
	static const struct locked_numbers l;

	OK(USE(hf_idmap_of(ONCE(0, &l), map)));
#endif
	CANNOT_FAIL;
}

ROW(hf_reserve_id, "-name ids gfp")
{
#ifdef HF_USER_IDMAP
	static struct numbered map;
	static struct numbered_token slot;

	numbered_init(&map, 5, 5);
	OK(hf_token_set(slot, hf_expect(hf_reserve_id(numbered, ONCE(0, &map.ids), ONCE(1, GFP_KERNEL)), "5 is free")));
	FAIL(USE(hf_reserve_id(numbered, ONCE(0, &map.ids), ONCE(1, GFP_KERNEL))));
	numbered_give_back(hf_token_take(slot));
	numbered_fini(&map);
#else
	CANNOT_FAIL;
#endif
}

/* --- irq.h, thread.h, timer.h -------------------------------------------------------------------- */

NAMES(HF_IRQ_DEFINE, "-name -handle -handler")
NAMES(HF_THREADED_IRQ_DEFINE, "-name -handle -handler -thread")

HF_IRQ_DEFINE(thing_irq, thing_own, on_thing_irq);

static irqreturn_t on_thing_irq(const struct thing *t)
{
	return t->n ? IRQ_HANDLED : IRQ_NONE;
}

ROW(hf_irq_request, "-name line text data gfp")
{
	struct hf_user_irq line;

	hf_user_irq_init(&line);
	{
		hf_let(thing_irq, irq, hf_empty(thing_irq_own));

		OK(USE(hf_set_ok(irq, hf_irq_request(thing_irq, ONCE(0, hf_user_irq_line(&line, false)), ONCE(1, "thing"),
						     ONCE(2, new_thing()), ONCE(3, GFP_KERNEL)))));
		FAIL(USE(hf_errno(hf_irq_request(thing_irq, ONCE(0, hf_user_irq_line(&line, false)), ONCE(1, "thing"),
						 ONCE(2, new_thing()), ONCE(3, GFP_KERNEL)))));
	}
	hf_user_irq_fini(&line);
}

NAMES(HF_THREAD_DEFINE, "-name -handle -fn")
HF_THREAD_DEFINE(thing_thread, thing_own, work_on_thing);

static int work_on_thing(struct thing *t)
{
	return t->n++;
}

ROW(hf_thread_spawn, "-name text data gfp")
{
	hf_let(thing_thread, t, hf_empty(thing_thread_own));

	OK(USE(hf_set_ok(t, hf_thread_spawn(thing_thread, ONCE(0, "thing"), ONCE(1, new_thing()), ONCE(2, GFP_KERNEL)))));
	begin();
	struct thing_own thing = new_thing();
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_thread_spawn(thing_thread, ONCE(0, "thing"), ONCE(1, thing), ONCE(2, GFP_KERNEL)))));
	hf_user_fail_alloc(0);
}

ROW(hf_thread_join, "-name thread")
{
	struct thing_thread_own t = hf_expect(hf_thread_spawn(thing_thread, "thing", new_thing(), GFP_KERNEL), "there is memory");
	struct thing_thread_own none = hf_empty(thing_thread_own);

	OK(USE(hf_thread_join(thing_thread, ONCE(0, t))));
	(void)none;
	VIOLATION(USE(hf_thread_join(thing_thread, ONCE(0, none))));
}

NAMES(HF_TIMER_DEFINE, "-name -kind -handle -fn")
HF_TIMER_DEFINE(thing_timer, hrtimer, thing_own, tick_thing);

static struct hf_timer_next tick_thing(struct thing *t)
{
	return t->n++ ? hf_timer_stop() : hf_timer_again_in(1);
}

static struct thing_timer_own new_timer(void)
{
	return hf_expect(hf_timer_new(thing_timer, new_thing(), GFP_KERNEL), "there is memory");
}

ROW(hf_timer_new, "-name data gfp")
{
	hf_let(thing_timer, t, hf_empty(thing_timer_own));

	OK(USE(hf_set_ok(t, hf_timer_new(thing_timer, ONCE(0, new_thing()), ONCE(1, GFP_KERNEL)))));
	struct thing_own thing = new_thing();
	hf_user_fail_alloc(1);
	FAIL(USE(hf_errno(hf_timer_new(thing_timer, ONCE(0, thing), ONCE(1, GFP_KERNEL)))));
	hf_user_fail_alloc(0);
}

ROW(hf_timer_start, "t ns")
{
	hf_let(thing_timer, t, new_timer());

	CANNOT_FAIL;
	OK(hf_timer_start(ONCE(0, hf_ref(t)), ONCE(1, 3600000000000)));
}

ROW(hf_timer_cancel, "t")
{
	hf_let(thing_timer, t, new_timer());

	CANNOT_FAIL;
	OK(USE(hf_timer_cancel(ONCE(0, hf_ref(t)))));
}

/* --- work.h -------------------------------------------------------------------------------------- */

NAMES(HF_WORK_DEFINE, "-name -handle -T -member -fn")
NAMES(HF_DELAYED_WORK_DEFINE, "-name -handle -T -member -fn")

struct task {
	struct hf_refs refs;
	struct hf_work work;
	struct hf_delayed_work later;
};

static void task_destroy(struct task *t)
{
	(void)t;
}

static void task_release(struct task *t)
{
	hf_free(t);
}

HF_ARC_DEFINE(task, struct task, refs, task_destroy, task_release);
HF_WORK_DEFINE(task_work, task_arc, struct task, work, do_task);
HF_DELAYED_WORK_DEFINE(task_later, task_arc, struct task, later, do_task_later);

static void do_task(struct task_arc given)
{
	hf_let_arc(task, t, given);
}

static void do_task_later(struct task_arc given)
{
	hf_let_arc(task, t, given);
}

ROW(hf_work_init, "-name p")
{
	hf_let_arc(task, t, hf_expect(hf_new_arc(task, GFP_KERNEL), "there is memory"));

	OK(hf_work_init(task_work, ONCE(0, hf_expect(hf_arc_unique(t), "it is alone"))));
	CANNOT_FAIL;
}

static struct task_arc new_task(void)
{
	hf_let_arc(task, t, hf_expect(hf_new_arc(task, GFP_KERNEL), "there is memory"));

	hf_work_init(task_work, hf_expect(hf_arc_unique(t), "it is alone"));
	hf_work_init(task_later, hf_expect(hf_arc_unique(t), "it is alone"));
	return hf_move(t);
}

static void cancel_later(const struct task *t)
{
	hf_let_arc(task, back, hf_expect(hf_work_cancel_wait(task_later, t), "it is queued"));
}

ROW(hf_work_queue, "-name wq h")
{
	hf_let_arc(task, t, new_task());
	struct task_arc none = hf_empty(task_arc);

	(void)none;
	OK(USE(hf_work_queue(task_work, ONCE(0, hf_system_workqueue()), ONCE(1, hf_clone(t)))));
	hf_work_queue_in(task_later, hf_system_workqueue(), hf_clone(t), 1000000);
	FAIL(USE(hf_work_queue(task_later, ONCE(0, hf_system_workqueue()), ONCE(1, hf_clone(t)))));
	cancel_later(hf_ref(t));
	VIOLATION(USE(hf_work_queue(task_work, ONCE(0, hf_system_workqueue()), ONCE(1, none))));
}

ROW(hf_work_queue_in, "-name wq h ms")
{
	hf_let_arc(task, t, new_task());
	struct task_arc none = hf_empty(task_arc);

	(void)none;
	OK(USE(hf_work_queue_in(task_later, ONCE(0, hf_system_workqueue()), ONCE(1, hf_clone(t)), ONCE(2, 1000000))));
	FAIL(USE(hf_work_queue_in(task_later, ONCE(0, hf_system_workqueue()), ONCE(1, hf_clone(t)), ONCE(2, 1000000))));
	cancel_later(hf_ref(t));
	VIOLATION(USE(hf_work_queue_in(task_later, ONCE(0, hf_system_workqueue()), ONCE(1, none), ONCE(2, 0))));
}

ROW(hf_work_cancel, "-name p")
{
	hf_let_arc(task, t, new_task());
	hf_let_arc(task, back, hf_empty(task_arc));

	hf_work_queue_in(task_later, hf_system_workqueue(), hf_clone(t), 1000000);
	OK(USE(hf_set_ok(back, hf_work_cancel(task_later, ONCE(0, hf_ref(t))))));
	FAIL(USE(hf_errno(hf_work_cancel(task_later, ONCE(0, hf_ref(t))))));
}

ROW(hf_work_cancel_wait, "-name p")
{
	hf_let_arc(task, t, new_task());
	hf_let_arc(task, back, hf_empty(task_arc));

	hf_work_queue_in(task_later, hf_system_workqueue(), hf_clone(t), 1000000);
	OK(USE(hf_set_ok(back, hf_work_cancel_wait(task_later, ONCE(0, hf_ref(t))))));
	FAIL(USE(hf_errno(hf_work_cancel_wait(task_later, ONCE(0, hf_ref(t))))));
}

/* --- foreign.h ----------------------------------------------------------------------------------- */

NAMES(HF_FOREIGN_DEFINE, "-name -handle -S -member")
NAMES(HF_FOREIGN_BY_DEFINE, "-name -handle -S -get -set")

struct file_like {
	void *private_data;
};

HF_FOREIGN_DEFINE(thing_of, thing_own, struct file_like, private_data);

static void end_thing_of(struct file_like *file)
{
	hf_let(thing, t, hf_expect(hf_foreign_take(thing_of, file), "it was stored"));
}

ROW(hf_foreign_store, "-name s h")
{
	static struct file_like file;
	struct thing_own thing = new_thing(), other = hf_empty(thing_own);

	(void)other;
	OK(hf_foreign_store(thing_of, ONCE(0, &file), ONCE(1, thing)));
	VIOLATION(hf_foreign_store(thing_of, ONCE(0, &file), ONCE(1, other)));
	end_thing_of(&file);
}

ROW(hf_foreign_take, "-name s")
{
	static struct file_like file;
	hf_let(thing, t, hf_empty(thing_own));

	hf_foreign_store(thing_of, &file, new_thing());
	OK(USE(hf_set_ok(t, hf_foreign_take(thing_of, ONCE(0, &file)))));
	FAIL(USE(hf_errno(hf_foreign_take(thing_of, ONCE(0, &file)))));
}

ROW(hf_foreign_ref, "-name s")
{
	static struct file_like file, empty;

	hf_foreign_store(thing_of, &file, new_thing());
	OK(USE(hf_foreign_ref(thing_of, ONCE(0, &file))->n));
	VIOLATION(USE(hf_foreign_ref(thing_of, ONCE(0, &empty))->n));
	end_thing_of(&file);
}

ROW(hf_foreign_mut, "-name s")
{
	static struct file_like file, empty;

	hf_foreign_store(thing_of, &file, new_thing());
	OK(USE(hf_foreign_mut(thing_of, ONCE(0, &file))->n));
	VIOLATION(USE(hf_foreign_mut(thing_of, ONCE(0, &empty))->n));
	end_thing_of(&file);
}

/* --- dyn.h --------------------------------------------------------------------------------------- */

NAMES(HF_DYN_DEFINE, "-name -T")
NAMES(HF_IMPL_DEFINE, "-impl -name -handle -T -base")
NAMES(HF_IMPL_OPS, "-impl ...")

struct shape;
struct shape_own;

struct shape_ops {
	void (*drop)(struct shape_own s);
	int (*area)(const struct shape *s);
};

struct shape {
	const struct shape_ops *const ops;
};

HF_DYN_DEFINE(shape, struct shape);

struct circle {
	int radius;
	struct shape base;
};

static void circle_free(struct circle *c)
{
	hf_free(c);
}

HF_OWN_DEFINE(circle, struct circle, circle_free);
HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);
HF_IMPL_DEFINE(other_shape, shape, circle_own, struct circle, base);

static int circle_area(const struct shape *s)
{
	return hf_self(circle_shape, s)->radius;
}

HF_IMPL_OPS(circle_shape, .area = circle_area);
HF_IMPL_OPS(other_shape, .area = circle_area);

static struct circle_own new_circle(void)
{
	return hf_expect(hf_new(circle, GFP_KERNEL), "there is memory");
}

static struct shape_own new_shape(void)
{
	hf_let(circle, c, new_circle());

	hf_impl_init(circle_shape, hf_mut(c));
	return hf_upcast(circle_shape, hf_move(c));
}

ROW(hf_impl_init, "-impl p")
{
	hf_let(circle, c, new_circle());

	OK(hf_impl_init(circle_shape, ONCE(0, hf_mut(c))));
	CANNOT_FAIL;
}

ROW(hf_upcast, "-impl h")
{
	struct circle_own circle = new_circle(), none = hf_empty(circle_own);
	static struct shape_own shape;

	(void)none;
	hf_impl_init(circle_shape, hf_mut((circle)));
	OK(hf_set((shape), hf_upcast(circle_shape, ONCE(0, circle))));
	VIOLATION(hf_set((shape), hf_upcast(circle_shape, ONCE(0, none))));
	shape_own_drop(&shape);
}

ROW(hf_is_a, "-impl b")
{
	hf_let(shape, s, new_shape());

	OK(USE(hf_is_a(circle_shape, ONCE(0, hf_ref(s)))));
	FAIL(USE(hf_is_a(other_shape, ONCE(0, hf_ref(s)))));
}

ROW(hf_self, "-impl b")
{
	hf_let(shape, s, new_shape());

	OK(USE(hf_self(circle_shape, ONCE(0, hf_ref(s)))->radius));
	OK(USE(hf_self(circle_shape, ONCE(0, hf_mut(s)))->radius++));
	VIOLATION(USE(hf_self(other_shape, ONCE(0, hf_ref(s)))->radius));
}

ROW(hf_downcast, "-impl o")
{
	static struct shape_own full, none;
	hf_let(circle, c, hf_empty(circle_own));

	hf_set((full), new_shape());
	FAIL(USE(hf_errno(hf_downcast(other_shape, PLACE(0, full)))));
	OK(USE(hf_set_ok(c, hf_downcast(circle_shape, PLACE(0, full)))));
	VIOLATION(USE(hf_errno(hf_downcast(circle_shape, PLACE(0, none)))));
}

/* --- ref.h --------------------------------------------------------------------------------------- */

NAMES(HF_REF_DEFINE, "-name -T -get -put")

struct theirs {
	int count;
};

static void get_theirs(struct theirs *t)
{
	t->count++;
}

static void put_theirs(struct theirs *t)
{
	t->count--;
}

HF_REF_DEFINE(theirs, struct theirs, get_theirs, put_theirs);

ROW(hf_adopt_ref_unchecked, "-name p")
{
	static struct theirs theirs = { .count = 1 };
	hf_let_arc(theirs, t, hf_empty(theirs_arc));

	/* SAFETY: nobody else puts it. */
	OK(USE(hf_set_ok(t, hf_adopt_ref_unchecked(theirs, ONCE(0, &theirs)))));
	FAIL(USE(hf_errno(hf_adopt_ref_unchecked(theirs, ONCE(0, (struct theirs *)NULL)))));
}

ROW(hf_ref_raw, "r")
{
	static struct theirs theirs;
	static struct theirs_arc full, none;

	hf_set((full), hf_arc_from(theirs, &theirs));
	OK(USE(hf_ref_raw(PLACE(0, full))->count));
	VIOLATION(USE(hf_ref_raw(PLACE(0, none))->count));
	theirs_arc_drop(&full);
}

ROW(hf_leak_ref, "r")
{
	static struct theirs theirs;
	static struct theirs_arc full, none;

	hf_set((full), hf_arc_from(theirs, &theirs));
	OK(USE(hf_leak_ref(PLACE(0, full))->count));
	VIOLATION(USE(hf_leak_ref(PLACE(0, none))->count));
}

/* --- mmio.h, dma.h ------------------------------------------------------------------------------- */

NAMES(HF_MMIO_DEFINE, "-name -size")
NAMES(HF_REG_RO, "-window -reg -offset -T")
NAMES(HF_REG_WO, "-window -reg -offset -T")
NAMES(HF_REG_RW, "-window -reg -offset -T")

static u64 memory_[4];
static struct window window_;

ROW(hf_io_reg32, "w offset")
{
	/* The rows below use this window too. */
	window_ = hf_expect(window_map(hf_user_io_memory(memory_, sizeof(memory_))), "it is long enough");
	OK(USE(hf_io_reg32(ONCE(0, &window_), ONCE(1, 24))));
	FAIL(USE(hf_io_reg32(ONCE(0, &window_), ONCE(1, 32))));
}

ROW(hf_io_read8, "w offset")
{
	OK(USE(hf_io_read8(ONCE(0, &window_), ONCE(1, 24))));
	FAIL(USE(hf_io_read8(ONCE(0, &window_), ONCE(1, 32))));
}

ROW(hf_io_write8, "w offset v")
{
	OK(USE(hf_io_write8(ONCE(0, &window_), ONCE(1, 24), ONCE(2, 1))));
	FAIL(USE(hf_io_write8(ONCE(0, &window_), ONCE(1, 32), ONCE(2, 1))));
}

ROW(hf_io_read16, "w offset")
{
	OK(USE(hf_io_read16(ONCE(0, &window_), ONCE(1, 24))));
	FAIL(USE(hf_io_read16(ONCE(0, &window_), ONCE(1, 32))));
}

ROW(hf_io_write16, "w offset v")
{
	OK(USE(hf_io_write16(ONCE(0, &window_), ONCE(1, 24), ONCE(2, 1))));
	FAIL(USE(hf_io_write16(ONCE(0, &window_), ONCE(1, 32), ONCE(2, 1))));
}

ROW(hf_io_read32, "w offset")
{
	OK(USE(hf_io_read32(ONCE(0, &window_), ONCE(1, 24))));
	FAIL(USE(hf_io_read32(ONCE(0, &window_), ONCE(1, 32))));
}

ROW(hf_io_write32, "w offset v")
{
	OK(USE(hf_io_write32(ONCE(0, &window_), ONCE(1, 24), ONCE(2, 1))));
	FAIL(USE(hf_io_write32(ONCE(0, &window_), ONCE(1, 32), ONCE(2, 1))));
}

ROW(hf_io_read64, "w offset")
{
	OK(USE(hf_io_read64(ONCE(0, &window_), ONCE(1, 24))));
	FAIL(USE(hf_io_read64(ONCE(0, &window_), ONCE(1, 32))));
}

ROW(hf_io_write64, "w offset v")
{
	OK(USE(hf_io_write64(ONCE(0, &window_), ONCE(1, 24), ONCE(2, 1))));
	FAIL(USE(hf_io_write64(ONCE(0, &window_), ONCE(1, 32), ONCE(2, 1))));
}

NAMES(HF_DMA_DEFINE, "-name -T")

NAMES(HF_DMA_BUFFER_DEFINE, "-name")

ROW(hf_new_buffer, "-name n gfp")
{
	OK(hf_let(u8_buffer, b, hf_expect(hf_new_buffer(u8, ONCE(0, 9), ONCE(1, GFP_KERNEL)), "there is memory")));
	hf_user_fail_alloc(2);
	FAIL(USE(hf_errno(hf_new_buffer(u8, ONCE(0, 9), ONCE(1, GFP_KERNEL)))));
	FAIL(USE(hf_errno(hf_new_buffer(u8, ONCE(0, 0), ONCE(1, GFP_KERNEL)))));
}

static struct hf_device lent_to_;

static struct u8_from_device_own new_lent(void)
{
	hf_let(u8_buffer, b, hf_expect(hf_new_buffer(u8, 9, GFP_KERNEL), "there is memory"));

	if (!lent_to_.iommu)
		lent_to_.iommu = hf_user_iommu_new();
	return hf_expect(u8_map_from_device(hf_move(b), &lent_to_, NULL), "there is memory");
}

ROW(hf_dma_addr, "m")
{
	static struct u8_from_device_own none;
	struct u8_from_device_own m = new_lent();

	OK(USE(hf_dma_addr(PLACE(0, m))));
	VIOLATION(USE(hf_dma_addr(PLACE(0, none))));
	u8_from_device_own_drop(&m);
}

ROW(hf_dma_size, "m")
{
	static struct u8_from_device_own none;
	struct u8_from_device_own m = new_lent();

	OK(USE(hf_dma_size(PLACE(0, m))));
	VIOLATION(USE(hf_dma_size(PLACE(0, none))));
	u8_from_device_own_drop(&m);
}

/* --- rcu.h --------------------------------------------------------------------------------------- */

NAMES(HF_RCU_DEFINE, "-name -T -head -drop_fn")

ROW(hf_rcu_read_else, "-g place -...")
{
#ifdef HF_USER_RCU
	static struct published_rcu place;

	FAIL(do { hf_rcu_read_else(g, ONCE(0, &place), break); } while (0));
	published_rcu_init(&place, hf_expect(hf_new(published, GFP_KERNEL), "there is memory"));
	OK(do { hf_rcu_read_else(g, ONCE(0, &place), break); } while (0));
	published_rcu_fini(&place);
#else
	CANNOT_FAIL;
#endif
}

/* --- revocable.h --------------------------------------------------------------------------------- */

NAMES(HF_REVOCABLE_DEFINE, "-name -kind -handle")

ROW(hf_access_else, "-g r -...")
{
	static struct thing_access r;

	FAIL(do { hf_access_else(g, ONCE(0, &r), break); } while (0));
	USE(thing_access_init(&r, new_thing()));
	OK(do { hf_access_else(g, ONCE(0, &r), break); } while (0));
	thing_access_revoke(&r);
	FAIL(do { hf_access_else(g, ONCE(0, &r), break); } while (0));
	thing_access_fini(&r);
}

/* --- version.h ----------------------------------------------------------------------------------- */

NAMES(HF_VERSION_OF, "-major -minor -patch")
