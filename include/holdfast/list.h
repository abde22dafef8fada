/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Intrusive lists that know their members.
 *
 * The bug is CVE-2025-68260, in code that Rust's compiler accepted.  One thread moved a whole list aside
 * under a lock, dropped the lock and walked the list.  Another took the lock and removed an element
 * "from its list".  The element's neighbours were consistent, so a check of neighbours (the kernel's
 * LIST_HARDENED) sees nothing, and two threads write the same pointers.
 *
 * Here each link is stamped with the list that it is in, and removal compares the stamp:
 *
 *	HF_OWN_DEFINE(death, struct death, death_free);
 *	HF_LIST_DEFINE(deaths, death_own, struct death, link);
 *
 *	deaths_push_back(&g->deaths, hf_move(d));		// the list owns it now
 *	hf_let(death, d, hf_try(deaths_remove(&g->deaths, x)));	// and gives it back
 *
 *	hf_list_cursor(c, &g->deaths);				// any element may be removed
 *	for (struct death *x; (x = deaths_next(&c));)		// inside the loop
 *		if (x->done)
 *			finish(hf_try(deaths_remove(&g->deaths, x)));
 *
 * Invariant: *a link's stamp equals list L, read under L's lock, if and only if the caller may touch the
 * link.*  A stamp changes in three ways only:
 *
 *   NULL to L	insertion, under L's lock, by the one who has the right to insert the element
 *   L to NULL	removal, under L's lock
 *   L to M	deaths_take_all(), under the locks of both: it stamps every member
 *
 * So while L's lock is held, no other thread changes a stamp to L or from L.  Removal through another list
 * gives an error, is reported, and reads and writes neither neighbour.
 *
 * The right to insert an element is unique (Rust: ListArc).  An own is that right, as there is only one.
 * There can be many arcs, and two threads with an arc each could insert one object into two lists under two
 * locks.  So for arcs the right is to change the stamp from NULL, in one atomic step.  One of the threads
 * succeeds; the other does not touch the link.  To deaths_push_back() that is a violation.
 * deaths_try_push_back() gives -EEXIST, for code that may lose: "queue it unless it is queued".
 *
 * Memory ordering.  Removal reads the link's neighbours and then clears the stamp: a release.  A claim that
 * finds the stamp cleared is an acquire.  So the old list has read the link before the new one writes it.  A
 * claim that fails is relaxed, as nothing is read after it.  Removal compares the stamp with L by a relaxed
 * read, as that comparison has the same outcome at any time while L's lock is held.  The rest of the object
 * is not ordered by its link: what can change in it has a lock of its own.
 *
 * An object can be in several lists at once, through several links: one HF_LIST_DEFINE() for each link, with
 * arcs as handles, so that each list has a reference.
 *
 * A list is pinned: it stays where it was initialised.  Neither it nor a structure that contains one, or a
 * link, can be assigned to.  The caller serialises access to one list; an operation on another list may
 * run at the same time, even on a link that is not its own.
 *
 * Rust: List, ListArc, ListLinks, Cursor.
 */
#ifndef HOLDFAST_LIST_H
#define HOLDFAST_LIST_H

#include <holdfast/own.h>

/* --- types -------------------------------------------------------------------------------------- */

/** The member of an element by which it is linked.  Zeroed: in no list. */
struct hf_link {
	struct hf_link *next_, *prev_;
	const void *in_;		/* the stamp: the list that it is in, or NULL */
	/* A const member, even of no size, makes the whole unassignable. */
	__extension__ const char stays_[0];
};

/** A list of any type; HF_LIST_DEFINE() wraps it in a type of its own. */
struct hf_list {
	struct hf_link head_;
	struct hf_cursor_ *cursors_;	/* the loops under way */
};

/*
 * A loop under way, also over a map (map.h).  It is at the element that it gave last, or at the list's
 * head.  When that element leaves, the loop is in the gap behind the one before (gone_).  So an append
 * need not tell the loops.
 */
struct hf_cursor_ {
	void *of_;			/* the list */
	void *at_;			/* the link */
	struct hf_cursor_ **among_;	/* the chain that it is in: the list's, or its own */
	struct hf_cursor_ *other_;	/* the next of that chain */
	bool gone_;
	bool back_;			/* it went backward last; only a map tells it */
};

/* --- stamps -------------------------------------------------------------------------------------
 *
 * Of lists and of maps: the invariant at the top holds for both.
 */

/*
 * Whether the caller may insert the link.  If others have an arc of the object, it is stamped by the answer.  Otherwise
 * a plain read does, as in hf_link_fini(), and where the link was just removed the compiler knows the answer.
 */
HF_INLINE bool hf_stamp_claim_(const void **stamp, const void *in, bool shared)
{
	if (shared)
		return hf_sys_claim(stamp, in);
	return !*stamp;
}

HF_INLINE void hf_stamp_set_(const void **stamp, const void *in)
{
	HF_STAMP_BEGIN_
	hf_sys_write_once(stamp, in);
	HF_STAMP_END_
}

/* From now on another list may claim the link and write its pointers, which were read before. */
HF_INLINE void hf_stamp_clear_(const void **stamp)
{
	hf_sys_store_release(stamp, (const void *)NULL);
}

/* 0 if the stamp is @in; -ENOENT if there is none; -EXDEV, reported, if it is another one. */
HF_INLINE int hf_stamp_is_(const void *const *stamp, const void *in, const struct hf_violation *foreign)
{
	const void *found = hf_sys_read_once(stamp);

	/* One comparison where all is well. */
	if (HF_UNLIKELY(found != in)) {
		if (!found)
			return HF_CALLER_ERROR_(-ENOENT);
		if (hf_broken_at(foreign, false))
			return HF_CALLER_ERROR_(-EXDEV);
	}
	return 0;
}

/** hf_linked() - whether a link is in a list or map.  Another one's lock tells nothing more than that. */
#define hf_linked(x)		hf_linked_(&(x)->in_)

HF_INLINE bool hf_linked_(const void *const *stamp)
{
	return hf_sys_read_once(stamp) != NULL;
}

/**
 * hf_link_fini() - for drop functions: a violation (list) if the object is still in a list or map.
 * @x: pointer to the link, a struct hf_link or a struct hf_map_link.
 */
#define hf_link_fini(x)		hf_link_fini_((x)->in_, HF_SITE(HF_LIST, "'" #x "' is still in a list"))

/* A plain read: nobody else has the object, so it is in no list, or this is a violation. */
HF_INLINE void hf_link_fini_(const void *stamp, const struct hf_violation *linked)
{
	hf_require_at(linked, !stamp);
}

/* --- operations on lists of any type ------------------------------------------------------------ */

HF_INLINE void hf_list_init_(struct hf_list *l)
{
	l->head_.next_ = l->head_.prev_ = &l->head_;
	l->head_.in_ = l;
	l->cursors_ = NULL;
}

#define HF_NOT_PINNED_(kind)	"the " #kind " was copied or moved, or was never initialised"

/* The address of a list is the stamp of its members, so it stays where it is.  Debug builds. */
HF_INLINE void hf_list_pinned_(const struct hf_list *l, const struct hf_violation *moved)
{
#if HF_DEBUG
	hf_require_at(moved, l->head_.in_ == l);
#else
	(void)l;
	(void)moved;
#endif
}

HF_INLINE bool hf_list_empty_(const struct hf_list *l)
{
	return l->head_.next_ == &l->head_;
}

/* Insert @x, which the caller may insert, between two neighbours. */
HF_INLINE void hf_list_link_(struct hf_list *l, struct hf_link *prev, struct hf_link *next, struct hf_link *x)
{
	/* The stores to @x together: a processor can then merge them. */
	x->prev_ = prev;
	x->next_ = next;
	hf_stamp_set_(&x->in_, l);
	next->prev_ = x;
	prev->next_ = x;
}

/* A loop in the gap before @next is then behind @x: forward it does not meet @x, backward it does. */
HF_INLINE void hf_list_link_before_(struct hf_list *l, struct hf_link *next, struct hf_link *x)
{
	struct hf_link *const prev = next->prev_;
	struct hf_cursor_ *c;

	hf_list_link_(l, prev, next, x);
	for (c = l->cursors_; HF_UNLIKELY(c != NULL); c = c->other_)
		if (c->gone_ && c->at_ == prev)
			c->at_ = x;
}

/*
 * @x is stamped with @l: the invariant allows it to be touched.  Its pointers stay as they are: without
 * the stamp nobody reads them.
 */
HF_INLINE void hf_list_unlink_(struct hf_list *l, struct hf_link *x)
{
	struct hf_link *const prev = x->prev_, *const next = x->next_;

	if (HF_UNLIKELY(l->cursors_ != NULL)) {
		/* Read again in here, so that the test above is one compare with memory. */
		HF_UNKNOWN_(l->cursors_);
		for (struct hf_cursor_ *c = l->cursors_; c; c = c->other_)
			if (c->at_ == x) {
				c->at_ = prev;
				c->gone_ = true;
			}
	}
	hf_stamp_clear_(&x->in_);
	prev->next_ = next;
	next->prev_ = prev;
	/* So that the caller, who owns it now, need not read it again: see hf_link_fini(). */
	HF_KNOWN_(!x->in_);
}

/*
 * Every member of @from, to the end of @to.  A stamp goes from list to list at once: were it NULL in
 * between, another thread could claim the member.
 */
HF_INLINE void hf_list_take_all_(struct hf_list *to, struct hf_list *from)
{
	struct hf_link *const first = from->head_.next_, *const last = from->head_.prev_;
	struct hf_link *const before = to->head_.prev_;
	struct hf_cursor_ *c;

	/* A list already has its own members. */
	if (to != from && first != &from->head_) {
		for (struct hf_link *x = first; x != &from->head_; x = x->next_)
			hf_stamp_set_(&x->in_, to);
		/* As if each had been removed. */
		for (c = from->cursors_; HF_UNLIKELY(c != NULL); c = c->other_)
			if (c->at_ != &from->head_) {
				c->at_ = &from->head_;
				c->gone_ = true;
			}
		before->next_ = first;
		first->prev_ = before;
		last->next_ = &to->head_;
		to->head_.prev_ = last;
		from->head_.next_ = from->head_.prev_ = &from->head_;
	}
	HF_MODEL_UNKNOWN_(to);
}

/* --- cursors ------------------------------------------------------------------------------------ */

/*
 * In the chain of a list.  If that is const, several threads may walk it at once, so its memory is not written,
 * and the loop is in a chain of its own.
 */
HF_INLINE struct hf_cursor_ hf_cursor_begin_(struct hf_cursor_ *c, const void *of, const void *at,
					     struct hf_cursor_ **chain)
{
	struct hf_cursor_ *const other = chain ? *chain : c;

	if (chain)
		*chain = c;
	return (struct hf_cursor_){ .of_ = (void *)(unsigned long)of, .at_ = (void *)(unsigned long)at,
				    .among_ = chain ? chain : &c->other_, .other_ = other };
}

HF_INLINE void hf_cursor_end_(const struct hf_cursor_ *c)
{
	struct hf_cursor_ **p = c->among_;

	while (*p != c)
		p = &(*p)->other_;
	*p = c->other_;
}

/* Debug builds see that an element left a list that was const to the loop. */
HF_INLINE void hf_cursor_check_(const struct hf_cursor_ *c, const void *const *stamp,
				const struct hf_violation *left)
{
#if HF_DEBUG
	hf_require_at(left, hf_sys_read_once(stamp) == c->of_);
#else
	(void)c;
	(void)stamp;
	(void)left;
#endif
}

HF_INLINE struct hf_cursor_ hf_list_begin_(struct hf_cursor_ *c, struct hf_list *l,
					   const struct hf_violation *moved)
{
	hf_list_pinned_(l, moved);
	return hf_cursor_begin_(c, l, &l->head_, &l->cursors_);
}

HF_INLINE struct hf_cursor_ hf_list_begin_const_(struct hf_cursor_ *c, const struct hf_list *l,
						 const struct hf_violation *moved)
{
	hf_list_pinned_(l, moved);
	return hf_cursor_begin_(c, l, &l->head_, NULL);
}

HF_INLINE struct hf_link *hf_list_step_(struct hf_cursor_ *c, struct hf_link *x)
{
	if (x == &((struct hf_list *)c->of_)->head_)
		return NULL;
	c->at_ = x;
	c->gone_ = false;
	HF_POINTS_(x);
	return x;
}

HF_INLINE struct hf_link *hf_list_next_(struct hf_cursor_ *c, const struct hf_violation *left)
{
	struct hf_link *const at = c->at_;

	hf_cursor_check_(c, &at->in_, left);
	return hf_list_step_(c, at->next_);
}

HF_INLINE struct hf_link *hf_list_prev_(struct hf_cursor_ *c, const struct hf_violation *left)
{
	struct hf_link *const at = c->at_;

	hf_cursor_check_(c, &at->in_, left);
	return hf_list_step_(c, c->gone_ ? at : at->prev_);
}

/**
 * hf_list_cursor() - start a loop over a list; it ends with the scope.
 * @c: the new variable, for name_next(&c) and name_prev(&c): a `struct name_cursor`, const if the list is.
 * @l: pointer to the list.
 *
 * Any element may be removed meanwhile: the current one, the next one, all.  Elements inserted
 * further on are visited.
 *
 * A const list (under hf_read_lock(), in a borrowed object) may be walked by several threads at once, as
 * the loop does not write to it.  Its elements come as `const T *`, and nothing can be removed, because
 * removal takes a list that is not const.
 */
#define hf_list_cursor(c, l)	HF_CURSOR_(c, l, list, #l)
#define HF_CURSOR_(c, l, kind, text)							\
	HF_BINDS_(c)									\
	__typeof__(&*(l)) const hf_##kind##_##c = (l);					\
	struct hf_cursor_ hf_cursor_##c HF_CLEANUP(hf_cursor_end_) =			\
		_Generic(&hf_##kind##_##c->kind,					\
			 struct hf_##kind *: hf_##kind##_begin_,			\
			 const struct hf_##kind *: hf_##kind##_begin_const_)		\
			(&hf_cursor_##c, &hf_##kind##_##c->kind,			\
			 HF_SITE(HF_PIN, "'" text "': " HF_NOT_PINNED_(kind)));		\
	__typeof__(hf_##kind##_##c->cursor_[0]) c __attribute__((__unused__)) = { .c_ = &hf_cursor_##c }

/* --- lists of a type ---------------------------------------------------------------------------- */

#define HF_LIST_PINNED_(l)	hf_list_pinned_(&(l)->list, HF_CALLER_SITE(HF_PIN, HF_NOT_PINNED_(list)))
#define HF_LIST_TWICE_		HF_CALLER_SITE(HF_LIST, "the element is in a list already")
#define HF_LIST_FOREIGN_	HF_CALLER_SITE(HF_LIST, "the element is in another list")

/*
 * name_next() and name_prev() give a const T * of a const list.  GCC has no overloads: there a const
 * list's elements come as T *, and only Clang refuses who writes to them.
 */
#ifdef __clang__
#define HF_CURSOR_STEPS_(name, kind, step, handle, T)					\
	HF_CURSOR_STEP_(name, kind, step, const T *, const struct name##_cursor)	\
	HF_CURSOR_STEP_(name, kind, step, HF_LENT_(handle), struct name##_cursor)	\
	HF_OVERLOAD_ __attribute__((unavailable("it takes a struct " #name "_cursor *"))) \
	void name##_##step(const void *c);
#define HF_OVERLOAD_		__attribute__((overloadable))
#else
#define HF_CURSOR_STEPS_(name, kind, step, handle, T)					\
	HF_CURSOR_STEP_(name, kind, step, HF_LENT_(handle), const struct name##_cursor)
#define HF_OVERLOAD_
#endif

#define HF_CURSOR_STEP_(name, kind, step, element, cursor)				\
	HF_INLINE HF_OVERLOAD_ element name##_##step(cursor *c)				\
	{										\
		HF_LINK_##kind##_ *x = hf_##kind##_##step##_(c->c_, HF_CALLER_SITE(HF_LIST,	\
			"the element that the loop is at left the " #kind ", which was const")); \
											\
		return x ? name##_of_(x) : NULL;					\
	}

#define HF_LINK_list_		struct hf_link

/* What lists and maps (map.h) of a type have in common.  An arc lends a const T *. */
#define HF_LINKED_DEFINE_(name, kind, door, handle, T, link)				\
	_Static_assert(__builtin_types_compatible_p(HF_LENT_SHARED_(handle), const T *), \
		       door ": '" #handle "' is no owner of '" #T "'");			\
	struct name##_cursor {								\
		/* Const, so that no other cursor can be assigned to it. */		\
		struct hf_cursor_ *const c_;						\
	};										\
	struct name {									\
		struct hf_##kind kind;							\
		__extension__ struct name##_cursor cursor_[0];				\
	};										\
	HF_PTR_RESULT_DEFINE(name##_ref, const T);					\
	HF_PTR_RESULT_DEFINE(name##_mut, __typeof__(*(HF_LENT_(handle))0));		\
	HF_INLINE T *name##_of_(HF_LINK_##kind##_ *x)					\
	{										\
		T *e = (T *)(void *)((char *)x - offsetof(T, link));			\
											\
		HF_POINTS_(e);								\
		return e;								\
	}										\
	HF_INLINE bool name##_has(const struct name *l, const T *x)			\
	{										\
		return hf_sys_read_once(&x->link.in_) == &l->kind;			\
	}										\
	HF_INLINE T *name##_in_(struct handle h, const struct hf_violation *empty)	\
	{										\
		hf_require_at(empty, h.own.ptr_);					\
		return h.own.ptr_;							\
	}										\
	static HF_COLD __attribute__((__unused__)) HF_UNANALYZED void name##_drop_(struct handle h) \
	{										\
		HF_MODEL_REFUSED_(handle##_drop, &h);					\
	}										\
	/* The caller has no right to insert.  Whoever has an own of what is in a list does not own it. */ \
	HF_INLINE void name##_refuse_(struct handle h)					\
	{										\
		if (HF_SHARES_(handle))							\
			name##_drop_(h);						\
	}

/**
 * HF_LIST_DEFINE() - make `struct name`, a list that owns its elements.
 * @name: names the type and its functions.
 * @handle: what it owns an element by, without `struct`: death_own, node_arc.
 * @T: the element.
 * @link: its member of type struct hf_link.
 *
 * The functions, for a list l, an element x, an owner h and a cursor c:
 *
 *	name_init(l)			makes an empty list, before anything else
 *	name_fini(l)			violation (list) if elements are left
 *	name_empty(l)			whether it has no elements
 *	name_has(l, x)			whether x is in it, and not in another list
 *
 *	name_push_back(l, h)		insert, and consume the owner.  Violation (list) if the element is in
 *	name_push_front(l, h)		a list already: nothing is touched, an arc is dropped
 *	name_try_push_back(l, h)	for arcs: 0, or -EEXIST if the element is in a list already, or
 *	name_try_push_front(l, h)	another thread inserts it; the arc is dropped then
 *	name_insert_before(l, x, h)	insert beside x: 0, or the errors of name_remove(l, x); -EEXIST as
 *	name_insert_after(l, x, h)	name_push_back().  On an error the owner is dropped
 *
 *	name_pop_front(l)		give the owner of the first or last element: a `struct
 *	name_pop_back(l)		handle_result`; -ENODATA if the list is empty
 *	name_remove(l, x)		gives the owner of x; -ENOENT if x is in no list; -EXDEV and a
 *					violation (list) if it is in another one
 *	name_remove_at(c)		gives the owner of the element that c gave last; -ENODATA if there
 *					is none, or it has left the list
 *	name_take_all(to, from)		moves all elements to the end of another list
 *	name_clear(l)			drops all elements
 *
 *	name_front(l), name_back(l)	borrow the first or last element: a `const T *` in a `struct
 *					name_ref_result`; -ENODATA if the list is empty
 *	name_front_mut(l)		the same, exclusive: a `T *` in a `struct name_mut_result`.  Arcs
 *	name_back_mut(l)		are shared: of a list of arcs it is a `const T *`
 *	name_next(c), name_prev(c)	borrow the next element in either direction; NULL at the end.  A
 *					`T *`; a `const T *` if the list is const, or owns arcs
 *
 * A new cursor is before the first element and after the last one.  When the element that a cursor is at
 * leaves, the cursor is in the gap between its neighbours: name_insert_before() and name_push_front()
 * insert before a cursor in the gap, name_insert_after() and name_push_back() after it.
 *
 * Context: any; the caller serialises access to the list.  What drops an owner calls its drop function.
 * Rust: List, CursorMut.
 */
#define HF_LIST_DEFINE(name, handle, T, link)						\
	HF_LINKED_DEFINE_(name, list, "HF_LIST_DEFINE", handle, T, link)		\
	HF_INLINE struct handle##_result name##_out_(struct hf_list *l, struct hf_link *x) \
	{										\
		if (x == &l->head_)							\
			return HF_FAILURE_((struct handle##_result){ .err_ = HF_CALLER_ERROR_(-ENODATA) }); \
		hf_list_unlink_(l, x);							\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = name##_of_(x) } } }; \
	}										\
	HF_INLINE void name##_init(struct name *l)					\
	{										\
		hf_list_init_(&l->list);						\
	}										\
	HF_INLINE bool name##_empty(const struct name *l)				\
	{										\
		HF_LIST_PINNED_(l);							\
		return hf_list_empty_(&l->list);					\
	}										\
	HF_INLINE void name##_fini(struct name *l)					\
	{										\
		HF_LIST_PINNED_(l);							\
		hf_require_at(HF_CALLER_SITE(HF_LIST, "elements are left in the list"),	\
			      hf_list_empty_(&l->list));				\
	}										\
	HF_LIST_PUSH_DEFINE_(name, handle, T, link, back)				\
	HF_LIST_PUSH_DEFINE_(name, handle, T, link, front)				\
	HF_LIST_INSERT_DEFINE_(name, handle, T, link, before)				\
	HF_LIST_INSERT_DEFINE_(name, handle, T, link, after)				\
	HF_INLINE struct handle##_result name##_pop_front(struct name *l)		\
	{										\
		HF_LIST_PINNED_(l);							\
		return name##_out_(&l->list, l->list.head_.next_);			\
	}										\
	HF_INLINE struct handle##_result name##_pop_back(struct name *l)		\
	{										\
		HF_LIST_PINNED_(l);							\
		return name##_out_(&l->list, l->list.head_.prev_);			\
	}										\
	HF_INLINE struct handle##_result name##_remove(struct name *l, const T *x)	\
	{										\
		T *e = (T *)(unsigned long)x;						\
		int err;								\
											\
		HF_LIST_PINNED_(l);							\
		err = hf_stamp_is_(&e->link.in_, &l->list, HF_LIST_FOREIGN_);		\
		if (HF_UNLIKELY(err))							\
			return (struct handle##_result){ .err_ = err };			\
		hf_list_unlink_(&l->list, &e->link);					\
		HF_POINTS_(e);								\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = e } } };	\
	}										\
	HF_INLINE struct handle##_result name##_remove_at(struct name##_cursor *c)	\
	{										\
		struct hf_list *l = c->c_->of_;					\
											\
		return name##_out_(l, c->c_->gone_ ? &l->head_ : c->c_->at_);		\
	}										\
	HF_LIST_PEEK_DEFINE_(name, const, front, ref, next_)				\
	HF_LIST_PEEK_DEFINE_(name, const, back, ref, prev_)				\
	HF_LIST_PEEK_DEFINE_(name, , front_mut, mut, next_)				\
	HF_LIST_PEEK_DEFINE_(name, , back_mut, mut, prev_)				\
	HF_CURSOR_STEPS_(name, list, next, handle, T)					\
	HF_CURSOR_STEPS_(name, list, prev, handle, T)					\
	HF_INLINE void name##_take_all(struct name *to, struct name *from)		\
	{										\
		HF_LIST_PINNED_(to);							\
		HF_LIST_PINNED_(from);							\
		hf_list_take_all_(&to->list, &from->list);				\
	}										\
	HF_INLINE void name##_clear(struct name *l)					\
	{										\
		while (!name##_empty(l)) {						\
			struct hf_link *x = l->list.head_.next_;			\
			struct handle h = { .own = { .ptr_ = name##_of_(x) } };		\
											\
			hf_list_unlink_(&l->list, x);					\
			handle##_drop(&h);						\
		}									\
	}										\
	struct name

#define HF_LIST_LINK_back_(l, x)	hf_list_link_((l), (l)->head_.prev_, &(l)->head_, (x))
#define HF_LIST_LINK_front_(l, x)	hf_list_link_before_((l), (l)->head_.next_, (x))
#define HF_LIST_LINK_after_(l, p, x)	hf_list_link_((l), (p), (p)->next_, (x))
#define HF_LIST_LINK_before_(l, p, x)	hf_list_link_before_((l), (p), (x))

#define HF_LIST_PUSH_DEFINE_(name, handle, T, link, end)				\
	HF_INLINE void name##_push_##end(struct name *l, struct handle h)		\
	{										\
		T *x = name##_in_(h, HF_CALLER_SITE(HF_MOVED, "the owner owns nothing")); \
											\
		HF_LIST_PINNED_(l);							\
		if (hf_broken_at(HF_LIST_TWICE_,					\
				 hf_stamp_claim_(&x->link.in_, &l->list, HF_SHARES_(handle)))) { \
			name##_refuse_(h);						\
			return;								\
		}									\
		HF_LIST_LINK_##end##_(&l->list, &x->link);				\
	}										\
	HF_INLINE HF_MUST_USE int name##_try_push_##end(struct name *l, struct handle h)	\
	{										\
		T *x = name##_in_(h, HF_CALLER_SITE(HF_MOVED, "the owner owns nothing")); \
											\
		HF_LIST_PINNED_(l);							\
		if (!hf_stamp_claim_(&x->link.in_, &l->list, HF_SHARES_(handle))) {	\
			(void)hf_broken_at(HF_LIST_TWICE_, HF_SHARES_(handle));	\
			name##_refuse_(h);						\
			return HF_CALLER_ERROR_(-EEXIST);				\
		}									\
		HF_LIST_LINK_##end##_(&l->list, &x->link);				\
		return 0;								\
	}

#define HF_LIST_INSERT_DEFINE_(name, handle, T, link, where)				\
	HF_INLINE HF_MUST_USE int name##_insert_##where(struct name *l, const T *at, struct handle h) \
	{										\
		T *x = name##_in_(h, HF_CALLER_SITE(HF_MOVED, "the owner owns nothing")); \
		T *p = (T *)(unsigned long)at;						\
		int err;								\
											\
		HF_LIST_PINNED_(l);							\
		err = hf_stamp_is_(&p->link.in_, &l->list, HF_LIST_FOREIGN_);		\
		if (HF_UNLIKELY(err)) {							\
			name##_drop_(h);						\
			return err;							\
		}									\
		if (hf_broken_at(HF_LIST_TWICE_,					\
				 hf_stamp_claim_(&x->link.in_, &l->list, HF_SHARES_(handle)))) { \
			name##_refuse_(h);						\
			return HF_CALLER_ERROR_(-EEXIST);				\
		}									\
		HF_LIST_LINK_##where##_(&l->list, &p->link, &x->link);			\
		return 0;								\
	}

#define HF_LIST_PEEK_DEFINE_(name, constness, which, how, way)				\
	HF_INLINE struct name##_##how##_result name##_##which(constness struct name *l HF_BOUND) \
	{										\
		HF_LIST_PINNED_(l);							\
		if (hf_list_empty_(&l->list))						\
			return HF_FAILURE_((struct name##_##how##_result){ .err_ = HF_CALLER_ERROR_(-ENODATA) }); \
		return (struct name##_##how##_result){ .val_ = name##_of_(l->list.head_.way) }; \
	}

#endif
