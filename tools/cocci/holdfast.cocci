// SPDX-License-Identifier: GPL-2.0-only OR MIT
/// What C's types and the compilers' analyses do not see of Holdfast's rules.
///
/// holdfast-check runs these rules; so does the kernel's build:
///
///	make coccicheck COCCI=.../holdfast.cocci MODE=report M=drivers/mine
///
/// A finding ends in the name of its rule, which docs/rules explains.
//
// Confidence: High
// Options: --no-includes

virtual context
virtual org
virtual report
virtual patch

// --- owners ---------------------------------------------------------------------------------------

// Moved, and used on some way that leads from there, around a loop too, without a new owner.
@moved exists@
identifier o, N, r;
expression E;
position p, q;
@@
 \( hf_move@p(o) \| hf_leak@p(o) \| hf_drop@p(N, o) \| hf_drop_arc@p(N, o) \)
 ... when != \( hf_let(N, o, E) \| hf_let_arc(N, o, E) \| hf_let_weak(N, o, E) \| hf_set(o, E) \| hf_set_ok(o, E) \)
     when != \( hf_is_empty(o) \| o = E \)
 \( hf_move@q(o) \| hf_leak@q(o) \| hf_drop@q(N, o) \| hf_drop_arc@q(N, o)
 \| hf_ref@q(o) \| hf_mut@q(o) \| hf_clone@q(o) \| hf_downgrade@q(N, o) \| hf_arc_unique@q(o)
 \| hf_borrow@q(r, o) \| hf_borrow_mut@q(r, o) \)

@script:python depends on report@
o << moved.o; p << moved.p; q << moved.q;
@@
again = (p[0].line, p[0].column) == (q[0].line, q[0].column)
coccilib.report.print_report(q[0], "'%s' is moved again by the loop that moved it [move-in-loop]" % o
	if again else "'%s' was moved in line %s, on a way that leads here [use-after-move]" % (o, p[0].line))

// Taken out of a variable, which may be empty before and is empty after.
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
# A look in the same expression is no step of its own in the control flow.
with open(q[0].file) as f:
	line = f.read().split("\n")[int(q[0].line) - 1]
if "hf_is_empty(%s)" % o not in line:
	coccilib.report.print_report(q[0], "'%s' was emptied by hf_take() in line %s [use-after-move]" % (o, p[0].line))

// To the macros that name a member the name is no variable.
@copied exists@
identifier o, N;
identifier f !~ "^(hf_|HF_|container_of|offsetof|sizeof_field|struct_size|typeof_member)";
position p;
@@
 \( hf_let(N, o, ...); \| hf_let_arc(N, o, ...); \| hf_let_weak(N, o, ...); \)
 ... when any
 f(..., o@p, ...)

@script:python depends on report@
o << copied.o; p << copied.p;
@@
coccilib.report.print_report(p[0], "'%s' is copied and will be dropped twice: hf_move() it [owner-copied]" % o)

@copied_by_return exists@
identifier o, N;
position p;
@@
 \( hf_let(N, o, ...); \| hf_let_arc(N, o, ...); \| hf_let_weak(N, o, ...); \)
 ... when any
 return o@p;

@script:python depends on report@
o << copied_by_return.o; p << copied_by_return.p;
@@
coccilib.report.print_report(p[0], "'%s' is copied and will be dropped twice: hf_move() it [owner-copied]" % o)

@copied_into_place exists@
identifier o, N;
expression E;
position p;
@@
 \( hf_let(N, o, ...); \| hf_let_arc(N, o, ...); \| hf_let_weak(N, o, ...); \)
 ... when any
 E = o@p

@script:python depends on report@
o << copied_into_place.o; p << copied_into_place.p;
@@
coccilib.report.print_report(p[0], "'%s' is copied and will be dropped twice: hf_move() it [owner-copied]" % o)

@copied_into_owner exists@
identifier o, N, M, x;
expression E;
position p;
@@
 \( hf_let(N, o, ...); \| hf_let_arc(N, o, ...); \| hf_let_weak(N, o, ...); \)
 ... when any
 \( hf_let(M, x, o@p) \| hf_let_arc(M, x, o@p) \| hf_set(E, o@p) \)

@script:python depends on report@
o << copied_into_owner.o; p << copied_into_owner.p;
@@
coccilib.report.print_report(p[0], "'%s' is copied and will be dropped twice: hf_move() it [owner-copied]" % o)

@overwritten exists@
identifier o, N;
expression E;
position p;
@@
 \( hf_let(N, o, ...); \| hf_let_arc(N, o, ...); \| hf_let_weak(N, o, ...); \)
 ... when any
 o@p = E

@script:python depends on report@
o << overwritten.o; p << overwritten.p;
@@
coccilib.report.print_report(p[0], "what '%s' owns is lost by an assignment: hf_set() or hf_replace() [owner-overwritten]" % o)

@place_overwritten@
expression place, E;
position p;
@@
 place@p = \( hf_move(E) \| hf_take(E) \)

@script:python depends on report@
place << place_overwritten.place; p << place_overwritten.p;
@@
coccilib.report.print_report(p[0], "what '%s' owns is lost by an assignment: hf_set() or hf_replace() [owner-overwritten]" % place)

@to_nobody@
expression o;
position p;
@@
 \( hf_move(o)@p; \| hf_take(o)@p; \| hf_clone(o)@p; \)

@script:python depends on report@
o << to_nobody.o; p << to_nobody.p;
@@
coccilib.report.print_report(p[0], "what '%s' owned is leaked: nobody takes this value [owner-ignored]" % o)

// --- borrows --------------------------------------------------------------------------------------

// A pointer that was borrowed for one expression, kept past the owner's end.
@assigned@
identifier x;
expression E;
position k;
@@
 x@k = E

@kept exists@
identifier o, x, N;
expression E;
position p, q != assigned.k;
@@
 x = \( hf_ref(o) \| hf_mut(o) \| hf_arc_unique(o) \)
 ... when != x = E
 \( hf_move@p(o) \| hf_drop@p(N, o) \| hf_drop_arc@p(N, o) \)
 ... when != x = E
 x@q

@script:python depends on report@
o << kept.o; x << kept.x; p << kept.p; q << kept.q;
@@
coccilib.report.print_report(q[0], "'%s' borrows from '%s', which was moved in line %s [borrow-outlives-owner]" % (x, o, p[0].line))

// Stored where it is found after this function has dropped the owner.
@stored exists@
identifier o, N, f;
expression s, E, E2;
position p;
@@
 \( hf_let(N, o, E) \| hf_let_arc(N, o, E) \)
 ... when != \( hf_move(o) \| hf_leak(o) \| hf_take(o) \)
 \( s->f@p = \( hf_ref(o) \| hf_mut(o) \) \| *s@p = \( hf_ref(o) \| hf_mut(o) \) \)
 ... when != \( hf_move(o) \| hf_leak(o) \| hf_take(o) \)
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

// A pointer to locked data that is found when the lock is not held.
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

// A slice of a local array that outlives it.
@sliced_returned exists@
identifier a, K, s;
type T;
expression N, I, E;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 s = \( hf_slice(K, a) \| hf_array_subslice(K, a, ...) \)
 ... when != s = E
 return@p \( s \| hf_const(s) \);

@script:python depends on report@
a << sliced_returned.a; p << sliced_returned.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

@sliced_stored exists@
identifier a, K, s, f;
type T;
expression N, I, E, e;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 s = \( hf_slice(K, a) \| hf_array_subslice(K, a, ...) \)
 ... when != s = E
 \( e->f@p = s \| *e@p = s \)

@script:python depends on report@
a << sliced_stored.a; p << sliced_stored.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

@slice_returned exists@
identifier a, K;
type T;
expression N, I;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 return@p \( hf_slice(K, a) \| hf_const(hf_slice(K, a)) \| hf_array_subslice(K, a, ...) \);

@script:python depends on report@
a << slice_returned.a; p << slice_returned.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

@slice_stored exists@
identifier a, K, f;
type T;
expression N, I, e;
position p;
@@
 \( T a[N]; \| T a[N] = I; \)
 ... when any
 \( e->f@p = \( hf_slice(K, a) \| hf_array_subslice(K, a, ...) \) \| *e@p = \( hf_slice(K, a) \| hf_array_subslice(K, a, ...) \) \)

@script:python depends on report@
a << slice_stored.a; p << slice_stored.p;
@@
coccilib.report.print_report(p[0], "a slice of the local array '%s' outlives it [slice-escapes]" % a)

// --- objects that stay ----------------------------------------------------------------------------

@pinned@
identifier s, f;
@@
struct s {
	...
	struct hf_pin f;
	...
};

@copies@
identifier pinned.s;
struct s x;
expression E;
position p;
@@
 x@p = E

@copies_into@
identifier pinned.s, x;
struct s y;
position p;
@@
 struct s x@p = y;

@script:python depends on report@
x << copies.x; p << copies.p;
@@
coccilib.report.print_report(p[0], "'%s' is overwritten by a copy, but its type has an hf_pin: it stays where it is [pinned-copied]" % x)

@script:python depends on report@
x << copies_into.x; p << copies_into.p;
@@
coccilib.report.print_report(p[0], "'%s' is made a copy, but its type has an hf_pin: it stays where it is [pinned-copied]" % x)

// --- what is Holdfast's own -----------------------------------------------------------------------

@private@
expression e;
identifier m =~ "^(ptr_|len_|val_|err_|own_|loans_|owed_|prim_|data_|by_|owner_|list_|at_|next_|prev_|head_|cursors_|capacity_|rest_|cpu_|bytes_|addr_|dev_|io_|strong_|weak_|self_|fn_|arg_|raw_|state_|changed_)$";
position p;
@@
 \( e.m@p \| e->m@p \)

@script:python depends on report@
m << private.m; p << private.p;
@@
coccilib.report.print_report(p[0], "'%s' is Holdfast's own, past its checks [private-member]" % m)

// --- locks ----------------------------------------------------------------------------------------

@spins@
declarer name HF_LOCKED_DEFINE, HF_LOCKED_AFTER_DEFINE;
identifier s;
identifier kind =~ "^(spinlock|spinlock_irq|rwlock)$";
@@
 \( HF_LOCKED_DEFINE(s, kind, ...); \| HF_LOCKED_AFTER_DEFINE(s, kind, ...); \)

@sleeps exists@
identifier spins.s, g;
struct s *l;
expression m;
position p, q;
@@
 \( hf_lock@q(g, l); \| hf_read_lock@q(g, l); \| hf_write_lock@q(g, l); \)
 ... when any
 \( hf_new@p(m, GFP_KERNEL) \| hf_new_arc@p(m, GFP_KERNEL) \| hf_vec_push@p(..., GFP_KERNEL)
 \| hf_vec_reserve@p(..., GFP_KERNEL) \| hf_completion_wait@p(...)
 \| hf_completion_wait_timeout@p(...) \| hf_uaccess_read@p(...) \| hf_uaccess_write@p(...) \)

@script:python depends on report@
g << sleeps.g; p << sleeps.p; q << sleeps.q;
@@
# The guard ends with its block, which control flow does not show: the braces do.
with open(p[0].file) as f:
	lines = f.read().split("\n")[int(q[0].line) - 1:int(p[0].line)]
lines[-1] = lines[-1][:int(p[0].column)]
lines[0] = lines[0][int(q[0].column):]
depth = lowest = 0
for c in "\n".join(lines):
	depth += (c == "{") - (c == "}")
	lowest = min(lowest, depth)
if lowest == 0:
	coccilib.report.print_report(p[0], "this may sleep, and '%s' holds a lock that spins [sleep-under-spinlock]" % g)
