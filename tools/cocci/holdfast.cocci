// SPDX-License-Identifier: GPL-2.0-only OR MIT
/// Rules of Holdfast about the paths through a function, which need no declarations from headers.
///
/// holdfast-check runs them; so does the kernel's build:
///
///	make coccicheck COCCI=.../holdfast.cocci MODE=report M=drivers/mine
///
/// A finding ends in the name of its rule, which docs/rules explains.
///
/// Coccinelle 1.1 and 1.3 must give the same findings.  So each regular expression is a plain word, as 1.1
/// reads PCRE and 1.3 OCaml's Str, and Python code tells alternatives apart.  No rule matches a bare name as an
/// argument or operand, as 1.3 also matches it within larger expressions.
//
// Confidence: High
// Options: --no-includes

virtual context
virtual org
virtual report
virtual patch

@initialize:python@
@@
import re

def asked(o, use):
	"""Whether the statement calls hf_is_empty() before this use; the control flow does not show it."""
	with open(use.file) as f:
		lines = f.read().split("\n")[:int(use.line)]
	lines[-1] = lines[-1][:int(use.column)]
	statement = re.split("[;{}]", "\n".join(lines[-20:]))[-1]
	return re.search(r"\bhf_is_empty\s*\(\s*%s\s*\)" % o, statement) is not None

def instead(use):
	"""What to write instead of the hf_try() at this place."""
	with open(use.file) as f:
		line = f.read().split("\n")[int(use.line) - 1]
	if line[int(use.column):].startswith("hf_try_errno"):
		return "keep the errno, unlock or put, then return it"
	return "hf_store_ok() does not return"

def tries(lock):
	"""Whether this function, whose name contains `lock`, is a trylock (and does not lock an entry)."""
	return re.search("(?:^|_)try|trylock", lock, re.I) is not None

def gives_0(lock):
	"""Whether this trylock returns 0 if it took the lock."""
	return re.match("pthread_|mtx_|down_trylock", lock) is not None

def still_locked(lock, L, p, q):
	if tries(lock) and re.search("lock", lock, re.I) and not lock.startswith("hf_"):
		coccilib.report.print_report(p[0], "hf_try() may return with '%s' still locked in line %s: %s [try-past-held]" % (
			L.replace(" ", ""), q[0].line, instead(p[0])))

// --- owners ---------------------------------------------------------------------------------------

// An owner is moved and then used on some path, also around a loop, with no new owner in between.
@moved exists@
identifier o, N, r;
expression E;
position p, q;
@@
 \( hf_move@p(o) \| hf_leak@p(o) \| hf_leak_ref@p(o) \| hf_drop@p(N, o) \| hf_drop_arc@p(N, o) \)
 ... when != \( hf_let(N, o, E) \| hf_let_arc(N, o, E) \| hf_let_weak(N, o, E) \)
     when != \( hf_set(o, E) \| hf_set_ok(o, E) \| hf_replace(o, E) \| hf_is_empty(o) \)
     when != o = E
 \( hf_move@q(o) \| hf_leak@q(o) \| hf_leak_ref@q(o) \| hf_drop@q(N, o) \| hf_drop_arc@q(N, o)
 \| hf_ref@q(o) \| hf_ref_raw@q(o) \| hf_mut@q(o) \| hf_clone@q(o) \| hf_downgrade@q(N, o) \| hf_arc_unique@q(o)
 \| hf_downcast@q(N, o) \| hf_borrow@q(r, o) \| hf_borrow_mut@q(r, o) \)

@script:python depends on report@
o << moved.o; p << moved.p; q << moved.q;
@@
again = (p[0].line, p[0].column) == (q[0].line, q[0].column)
if not asked(o, q[0]):
	coccilib.report.print_report(q[0], "'%s' is moved again by the loop that moved it [move-in-loop]" % o
		if again else "'%s' was moved in line %s, on a path to here [use-after-move]" % (o, p[0].line))

// hf_take() empties a variable, which is then used.
@taken exists@
identifier o, N;
expression E;
position p, q;
@@
 \( hf_let(N, o, ...) \| hf_let_arc(N, o, ...) \)
 ...
 hf_take@p(o)
 ... when != \( hf_let(N, o, E) \| hf_let_arc(N, o, E) \| hf_set(o, E) \| hf_is_empty(o) \)
     when != o = E
 \( hf_ref@q(o) \| hf_mut@q(o) \| hf_move@q(o) \)

@script:python depends on report@
o << taken.o; p << taken.p; q << taken.q;
@@
if not asked(o, q[0]):
	coccilib.report.print_report(q[0], "'%s' was emptied by hf_take() in line %s [use-after-move]" % (o, p[0].line))

@to_nobody@
expression o;
position p;
@@
 \( hf_move(o)@p; \| hf_take(o)@p; \| hf_clone(o)@p; \)

@script:python depends on report@
o << to_nobody.o; p << to_nobody.p;
@@
coccilib.report.print_report(p[0], "what '%s' owned is leaked: nobody takes this value [owner-ignored]" % o.replace(" ", ""))

// --- borrows --------------------------------------------------------------------------------------

// A pointer from hf_ref(), or a slice of what it points to, is used after its owner was moved or dropped.
@assigned@
identifier x;
expression E;
position k;
@@
 x@k = E

@kept exists@
identifier o, x, N;
identifier slice =~ "_c?slice$";
expression E;
position p, q != assigned.k;
@@
 x = \( hf_ref(o) \| hf_ref_raw(o) \| hf_mut(o) \| hf_arc_unique(o) \| slice(hf_ref(o)) \| slice(hf_mut(o)) \)
 ... when != x = E
 \( hf_move@p(o) \| hf_drop@p(N, o) \| hf_drop_arc@p(N, o) \)
 ... when != x = E
 x@q

@script:python depends on report@
o << kept.o; x << kept.x; p << kept.p; q << kept.q;
@@
coccilib.report.print_report(q[0], "'%s' borrows from '%s', which was moved in line %s [borrow-outlives-owner]" % (x, o, p[0].line))

// The same of a part of such a slice, and of a pointer to one of its elements.
@kept_part exists@
identifier o, x, N;
identifier slice =~ "_c?slice$";
expression E;
position p, q != assigned.k;
@@
 x = \( hf_const(slice(\( hf_ref(o) \| hf_mut(o) \)))
     \| hf_try(hf_subslice(slice(\( hf_ref(o) \| hf_mut(o) \)), ...))
     \| hf_try(hf_get(slice(\( hf_ref(o) \| hf_mut(o) \)), ...))
     \| &hf_at(slice(\( hf_ref(o) \| hf_mut(o) \)), ...) \)
 ... when != x = E
 \( hf_move@p(o) \| hf_drop@p(N, o) \)
 ... when != x = E
 x@q

@script:python depends on report@
o << kept_part.o; x << kept_part.x; p << kept_part.p; q << kept_part.q;
@@
coccilib.report.print_report(q[0], "'%s' borrows from '%s', which was moved in line %s [borrow-outlives-owner]" % (x, o, p[0].line))

// What a map lent is used after its owner was removed by the same number or key, and moved or dropped.
@removed exists@
identifier o, x, N;
identifier find =~ "_find";
identifier remove =~ "_remove";
expression E, m, id;
position p, q != assigned.k;
@@
 x = hf_try(find(m, id))
 ... when != x = E
     when != id = E
     when != m = E
 \( hf_let(N, o, hf_try(remove(m, id))); \| hf_let_arc(N, o, hf_try(remove(m, id))); \)
 ... when != x = E
 \( hf_move@p(o) \| hf_drop@p(N, o) \| hf_drop_arc@p(N, o) \)
 ... when != x = E
 x@q

@script:python depends on report@
o << removed.o; x << removed.x; p << removed.p; q << removed.q;
@@
coccilib.report.print_report(q[0], "'%s' borrows from '%s', which was moved in line %s [borrow-outlives-owner]" % (x, o, p[0].line))

// A borrow is stored where it outlives the owner, which this function drops.
@stored exists@
identifier o, N, f;
expression s, E, E2;
position p;
@@
 \( hf_let(N, o, E) \| hf_let_arc(N, o, E) \)
 ... when != \( hf_move(o) \| hf_leak(o) \| hf_leak_ref(o) \| hf_take(o) \)
 \( s->f@p = \( hf_ref(o) \| hf_mut(o) \) \| *s@p = \( hf_ref(o) \| hf_mut(o) \) \)
 ... when != \( hf_move(o) \| hf_leak(o) \| hf_leak_ref(o) \| hf_take(o) \)
     when != s->f = E2
     when != *s = E2
     when any

@script:python depends on report@
o << stored.o; p << stored.p;
@@
coccilib.report.print_report(p[0], "a borrow from '%s' is stored beyond the scope in which '%s' is dropped [borrow-escapes]" % (o, o))

@stored_name exists@
identifier o, N, f, r;
expression s, E, E2;
position p;
@@
 \( hf_let(N, o, E) \| hf_let_arc(N, o, E) \)
 ... when any
 \( hf_borrow(r, o); \| hf_borrow_mut(r, o); \)
 ...
 \( s->f@p = r \| *s@p = r \)
 ... when != s->f = E2
     when != *s = E2
     when any

@script:python depends on report@
o << stored_name.o; p << stored_name.p;
@@
coccilib.report.print_report(p[0], "a borrow from '%s' is stored beyond the scope in which '%s' is dropped [borrow-escapes]" % (o, o))

// A pointer to locked data is stored where it outlives the guard.
@unguarded exists@
identifier g, f, m;
expression s, l, E2;
position p;
@@
 \( hf_lock(g, l); \| hf_read_lock(g, l); \| hf_write_lock(g, l); \)
 ...
 \( s->f@p = g \| s->f@p = &g->m \| *s@p = g \| *s@p = &g->m \)
 ... when != s->f = E2
     when != *s = E2
     when any

@script:python depends on report@
g << unguarded.g; p << unguarded.p;
@@
coccilib.report.print_report(p[0], "a pointer to what '%s' guards is stored beyond its scope [guard-escapes]" % g)

// A slice of a local array outlives the array.
@sliced_returned exists@
identifier a, K, s;
type T;
expression N, I, E, W;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 s = \( hf_slice(K, a) \| hf_try(hf_array_subslice(K, a, ...)) \| hf_expect(hf_array_subslice(K, a, ...), W) \)
 ... when != s = E
 return@p \( s \| hf_const(s) \);

@script:python depends on report@
a << sliced_returned.a; p << sliced_returned.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

@sliced_stored exists@
identifier a, K, s, f;
type T;
expression N, I, E, e, W;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 s = \( hf_slice(K, a) \| hf_try(hf_array_subslice(K, a, ...)) \| hf_expect(hf_array_subslice(K, a, ...), W) \)
 ... when != s = E
 \( e->f@p = s \| *e@p = s \)

@script:python depends on report@
a << sliced_stored.a; p << sliced_stored.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

@slice_returned exists@
identifier a, K;
type T;
expression N, I, W;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 return@p \( hf_slice(K, a) \| hf_const(hf_slice(K, a)) \| hf_array_subslice(K, a, ...) \| hf_try(hf_array_subslice(K, a, ...))
 \| hf_expect(hf_array_subslice(K, a, ...), W) \);

@script:python depends on report@
a << slice_returned.a; p << slice_returned.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

@slice_stored exists@
identifier a, K, f;
type T;
expression N, I, e, W;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 \( e->f@p = \( hf_slice(K, a) \| hf_try(hf_array_subslice(K, a, ...)) \| hf_expect(hf_array_subslice(K, a, ...), W) \)
 \| *e@p = \( hf_slice(K, a) \| hf_try(hf_array_subslice(K, a, ...)) \| hf_expect(hf_array_subslice(K, a, ...), W) \) \)

@script:python depends on report@
a << slice_stored.a; p << slice_stored.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

// --- locks ----------------------------------------------------------------------------------------

@spins@
declarer name HF_LOCKED_DEFINE, HF_LOCKED_AFTER_DEFINE;
identifier s, kind;
@@
 \( HF_LOCKED_DEFINE(s, kind, ...); \| HF_LOCKED_AFTER_DEFINE(s, kind, ...); \)

@sleeps exists@
identifier spins.s, g;
struct s *l;
expression m;
position p, q;
@@
 \( hf_lock@q(g, l); \| hf_read_lock@q(g, l); \| hf_write_lock@q(g, l); \| hf_lock_nested@q(g, l, ...);
 \| hf_lock_else@q(g, l, ...); \| hf_read_lock_else@q(g, l, ...); \| hf_write_lock_else@q(g, l, ...); \)
 ... when any
     when != hf_unlocked(g);
 \( hf_new@p(m, GFP_KERNEL) \| hf_new_arc@p(m, GFP_KERNEL) \| hf_vec_push@p(..., GFP_KERNEL)
 \| hf_vec_reserve@p(..., GFP_KERNEL) \| hf_completion_wait@p(...)
 \| hf_completion_wait_timeout@p(...) \| hf_completion_wait_until@p(...) \| hf_uaccess_read@p(...) \| hf_uaccess_write@p(...) \)

@script:python depends on report@
g << sleeps.g; p << sleeps.p; q << sleeps.q; kind << spins.kind;
@@
# The guard's scope ends with its block, which the control flow graph does not show: count the braces.
with open(p[0].file) as f:
	lines = f.read().split("\n")[int(q[0].line) - 1:int(p[0].line)]
# A loop that leads back to what sleeps has left the scope.
depth = lowest = 0 if lines else -1
if lines:
	lines[-1] = lines[-1][:int(p[0].column)]
	lines[0] = lines[0][int(q[0].column):]
for c in "\n".join(lines):
	depth += (c == "{") - (c == "}")
	lowest = min(lowest, depth)
if lowest == 0 and ("spin" in kind or kind == "rwlock"):
	coccilib.report.print_report(p[0], "this may sleep, and '%s' holds a lock that spins [sleep-under-spinlock]" % g)

// --- locks, references and memory that are held by hand -------------------------------------------------

// An interrupted wait for a lock did not take it, so hf_try_errno() of its errno is right.
@waited exists@
identifier lock =~ "[Ll][Oo][Cc][Kk]";
identifier x;
expression E;
type T;
position a;
@@
 \( x = lock(...); \| T x = lock(...); \)
 ... when != x = E
 \( hf_try_errno@a(x) \| hf_try_errno_in@a(..., x) \| hf_try_errno_or@a(x, ...) \)

// A lock that this function releases later by a call.
@locked exists@
identifier lock =~ "[Ll][Oo][Cc][Kk]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
position p != waited.a, q;
@@
 lock@q(L, ...)
 ... when != unlock(L, ...)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 unlock(L, ...)

@script:python depends on report@
lock << locked.lock; L << locked.L; p << locked.p; q << locked.q;
@@
if not re.search("unlock|^hf_", lock, re.I) and not tries(lock):
	coccilib.report.print_report(p[0], "hf_try() may return with '%s' still locked in line %s: %s [try-past-held]" % (L.replace(" ", ""), q[0].line, instead(p[0])))

// A trylock took the lock if it returned non-zero; those of POSIX and of semaphores, if they returned 0.
@tried exists@
symbol false;
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
statement S;
position p, q;
@@
(
 if (!lock@q(L, ...)) S
|
 if (lock@q(L, ...) == 0) S
|
 if (lock@q(L, ...) == false) S
|
 if (unlikely(!lock@q(L, ...))) S
|
 while (!lock@q(L, ...)) S
)
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)

@script:python depends on report@
lock << tried.lock; L << tried.L; p << tried.p; q << tried.q;
@@
if not gives_0(lock):
	still_locked(lock, L, p, q)

@tried_zero exists@
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
statement S;
position p, q;
@@
(
 if (lock@q(L, ...)) S
|
 if (lock@q(L, ...) != 0) S
|
 if (lock@q(L, ...) < 0) S
|
 if (unlikely(lock@q(L, ...))) S
)
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)

@script:python depends on report@
lock << tried_zero.lock; L << tried_zero.L; p << tried_zero.p; q << tried_zero.q;
@@
if gives_0(lock):
	still_locked(lock, L, p, q)

@tried_inside exists@
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
statement S;
position p, q;
@@
(
 if (lock@q(L, ...)) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (lock@q(L, ...)) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
|
 if (lock@q(L, ...) != 0) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (lock@q(L, ...) != 0) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
|
 if (lock@q(L, ...) == 1) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (lock@q(L, ...) == 1) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
)

@script:python depends on report@
lock << tried_inside.lock; L << tried_inside.L; p << tried_inside.p; q << tried_inside.q;
@@
if not gives_0(lock):
	still_locked(lock, L, p, q)

@tried_inside_zero exists@
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
statement S;
position p, q;
@@
(
 if (!lock@q(L, ...)) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (!lock@q(L, ...)) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
|
 if (lock@q(L, ...) == 0) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (lock@q(L, ...) == 0) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
)

@script:python depends on report@
lock << tried_inside_zero.lock; L << tried_inside_zero.L; p << tried_inside_zero.p; q << tried_inside_zero.q;
@@
if gives_0(lock):
	still_locked(lock, L, p, q)

// Its value is kept in a variable.
@tried_kept exists@
symbol false;
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
identifier x;
type T;
expression E;
statement S;
position p, q;
@@
 \( x = lock@q(L, ...); \| T x = lock@q(L, ...); \)
 ... when != x = E
(
 if (!x) S
|
 if (x == 0) S
|
 if (x == false) S
)
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)

@script:python depends on report@
lock << tried_kept.lock; L << tried_kept.L; p << tried_kept.p; q << tried_kept.q;
@@
if not gives_0(lock):
	still_locked(lock, L, p, q)

@tried_kept_zero exists@
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
identifier x;
type T;
expression E;
statement S;
position p, q;
@@
 \( x = lock@q(L, ...); \| T x = lock@q(L, ...); \)
 ... when != x = E
(
 if (x) S
|
 if (x != 0) S
|
 if (x < 0) S
)
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)

@script:python depends on report@
lock << tried_kept_zero.lock; L << tried_kept_zero.L; p << tried_kept_zero.p; q << tried_kept_zero.q;
@@
if gives_0(lock):
	still_locked(lock, L, p, q)

@tried_kept_inside exists@
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
identifier x;
type T;
expression E;
statement S;
position p, q;
@@
 \( x = lock@q(L, ...); \| T x = lock@q(L, ...); \)
 ... when != x = E
(
 if (x) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (x) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
)

@script:python depends on report@
lock << tried_kept_inside.lock; L << tried_kept_inside.L; p << tried_kept_inside.p; q << tried_kept_inside.q;
@@
if not gives_0(lock):
	still_locked(lock, L, p, q)

@tried_kept_inside_zero exists@
identifier lock =~ "[Tt][Rr][Yy]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
expression L;
identifier x;
type T;
expression E;
statement S;
position p, q;
@@
 \( x = lock@q(L, ...); \| T x = lock@q(L, ...); \)
 ... when != x = E
(
 if (!x) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (!x) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
|
 if (x == 0) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 }
|
 if (x == 0) {
 ... when != \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( unlock(L, ...) \| up(L) \| up_read(L) \| up_write(L) \)
 ... when any
 } else S
)

@script:python depends on report@
lock << tried_kept_inside_zero.lock; L << tried_kept_inside_zero.L; p << tried_kept_inside_zero.p; q << tried_kept_inside_zero.q;
@@
if gives_0(lock):
	still_locked(lock, L, p, q)

// Locks without an argument, such as rcu_read_lock().
@locked_all exists@
identifier lock =~ "[Ll][Oo][Cc][Kk]";
identifier unlock =~ "[Uu][Nn][Ll][Oo][Cc][Kk]";
position p, q;
@@
 lock@q()
 ... when != unlock()
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 unlock()

@script:python depends on report@
lock << locked_all.lock; p << locked_all.p; q << locked_all.q;
@@
if not re.search("unlock|^hf_", lock, re.I) and not tries(lock):
	coccilib.report.print_report(p[0], "hf_try() may return after '%s()' in line %s, and before its end: %s [try-past-held]" % (lock, q[0].line, instead(p[0])))

// A semaphore.
@waited_down exists@
identifier lock =~ "down";
identifier x;
expression E;
type T;
position a;
@@
 \( x = lock(...); \| T x = lock(...); \)
 ... when != x = E
 \( hf_try_errno@a(x) \| hf_try_errno_in@a(..., x) \| hf_try_errno_or@a(x, ...) \)

@semaphore exists@
expression L;
position p != waited_down.a, q;
@@
 \( down@q(L) \| down_read@q(L) \| down_write@q(L) \| down_interruptible@q(L) \| down_killable@q(L) \| down_timeout@q(L, ...)
 \| down_read_interruptible@q(L) \| down_read_killable@q(L) \| down_write_killable@q(L) \)
 ... when != \( up(L) \| up_read(L) \| up_write(L) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 \( up(L) \| up_read(L) \| up_write(L) \)

@script:python depends on report@
L << semaphore.L; p << semaphore.p; q << semaphore.q;
@@
coccilib.report.print_report(p[0], "hf_try() may return with '%s' still held since line %s: %s [try-past-held]" % (L.replace(" ", ""), q[0].line, instead(p[0])))

// A function that gives a result gives an identifier or an owner: its object keeps no reference.
@gives@
identifier get =~ "get";
expression X;
position g;
@@
 \( hf_try(get@g(X)) \| hf_try_in(..., get@g(X)) \| hf_try_or(get@g(X), ...) \)

// A reference that this function puts later by a call.
@referenced exists@
identifier get =~ "get";
identifier put =~ "put";
identifier d, f;
expression X, E;
position p, q != gives.g;
@@
 \( get@q(X) \| X = get@q(...) \)
 ... when != put(X, ...)
     when != \( E = X \| hf_defer(d, f, X) \)
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)
 ... when any
 put(X, ...)

@script:python depends on report@
get << referenced.get; X << referenced.X; p << referenced.p; q << referenced.q;
@@
if get[:3] != "hf_":
	coccilib.report.print_report(p[0], "hf_try() may return with the reference to '%s' of line %s: %s [try-past-held]" % (X.replace(" ", ""), q[0].line, instead(p[0])))

// Memory that was neither stored nor passed to a function other than memcpy() and similar, so it leaks.
@allocated exists@
identifier alloc, x, d, f, m;
identifier other !~ "mem";
expression E, E1;
type T;
position p, q;
@@
 \( x = alloc@q(...); \| T x = alloc@q(...); \)
 ... when != \( x = E1 \| E = x \| E = (T)x \| hf_defer(d, f, x) \)
     when != \( other(..., x, ...) \| other(..., &x->m, ...) \)
     when != return x;
 \( hf_try@p(...) \| hf_try_in@p(...) \| hf_try_or@p(...)
 \| hf_try_errno@p(...) \| hf_try_errno_in@p(...) \| hf_try_errno_or@p(...) \)

@script:python depends on report@
alloc << allocated.alloc; x << allocated.x; p << allocated.p; q << allocated.q;
@@
# The allocators of the kernel and the C library; the device frees what devm_ functions return.
if re.match(r"(?:k|kv|v)[mzc]alloc(?:_\w+)?$|k?v?(?:malloc|calloc|realloc|memdup|strn?dup)(?:_\w+)?$|kmem_cache_z?alloc|kasprintf$|"
	    r"aligned_alloc$|alloc_pages?(?:_\w+)?$|__?get_(?:free|zeroed)_pages?$|dma_alloc_\w+$|mempool_alloc$", alloc):
	coccilib.report.print_report(p[0], "hf_try() may return without freeing '%s' of line %s: hf_defer() frees it on every way out [try-past-held]" % (x, q[0].line))
elif re.match(r"get_device$|(?:of_node|fwnode_handle|kobject|pci_dev)_get$|igrab$|[fd]get$|get_file$|of_(?:find|get)_\w+_by_\w+$|"
	      r"of_parse_phandle$|(?:bus|driver|class)_find_device\w*$", alloc):
	coccilib.report.print_report(p[0], "hf_try() may return with the reference to '%s' of line %s: %s [try-past-held]" % (x, q[0].line, instead(p[0])))
