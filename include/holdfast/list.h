/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Intrusive lists that know their members.
 *
 * The bug is CVE-2025-68260, in code that Rust's compiler accepted: a thread moved a whole list aside
 * under a lock, dropped the lock and walked it, while another took the lock and removed an element
 * "from its list".  The neighbours were consistent, so no check of neighbours (the kernel's
 * LIST_HARDENED either) sees it; two threads write the same pointers.
 *
 * Invariant: *a link's owner stamp equals list L, read under L's lock, if and only if the caller may
 * touch the link.*  Removing through another list gives an error, is reported, and reads and writes
 * neither neighbour.  There is no O(1) splice behind the members' backs: deaths_take_all() restamps
 * every member.
 *
 *	HF_OWN_DEFINE(death, struct death, death_free);
 *	HF_LIST_DEFINE(deaths, death_own, struct death, link);
 *
 *	deaths_push_back(&g->deaths, hf_move(d));			// consumes the owner
 *	hf_let(death, d, hf_try(deaths_remove(&g->deaths, x)));		// and gives it back
 *
 *	hf_list_cursor(c, &g->deaths);					// any element may be removed
 *	for (struct death *x; (x = deaths_next(&c));)			// inside the loop
 *		if (x->done)
 *			finish(hf_try(deaths_remove(&g->deaths, x)));
 *
 * A list is pinned: it stays where it was initialised.  The caller serialises access to one list; an
 * operation on another list may run at the same time, even on a link that is not its own.
 *
 * Rust: List, ListArc, Cursor.
 */
#ifndef HOLDFAST_LIST_H
#define HOLDFAST_LIST_H

#include <holdfast/own.h>

struct hf_list;

/** The member of an element through which it is linked.  Zeroed: in no list. */
struct hf_link {
	struct hf_link *next_, *prev_;
	const struct hf_list *list_;	/* the owner stamp: the list it is in, or NULL */
};

/** A list of any type; HF_LIST_DEFINE() wraps it in a type of its own. */
struct hf_list {
	struct hf_link head_;
	struct hf_cursor_ *cursors_;	/* the loops under way */
};

/*
 * A loop under way.  It knows the element that it gave last, or the list's head, and is told when that
 * one leaves.  What is appended is then seen without a word to any loop.
 */
struct hf_cursor_ {
	struct hf_list *list_;
	struct hf_link *at_;
	struct hf_cursor_ *other_;
};

HF_INLINE void hf_list_init_(struct hf_list *l)
{
	l->head_.next_ = l->head_.prev_ = &l->head_;
	l->head_.list_ = l;
	l->cursors_ = NULL;
}

/* Its address is what its members are stamped with, so a list stays where it is.  Debug builds. */
HF_INLINE void hf_list_pinned_(const struct hf_list *l)
{
#if HF_DEBUG
	hf_require_at(HF_SITE(HF_PIN, "the list was moved or copied, or never initialised"),
		      l->head_.list_ == l);
#else
	(void)l;
#endif
}

HF_INLINE bool hf_list_empty_(const struct hf_list *l)
{
	hf_list_pinned_(l);
	return l->head_.next_ == &l->head_;
}

/* Insert between two neighbours.  False, reported and nothing touched if @x is in a list already. */
HF_INLINE bool hf_list_insert_(struct hf_list *l, struct hf_link *prev, struct hf_link *next,
			       struct hf_link *x, const struct hf_violation *linked)
{
	hf_list_pinned_(l);
	if (hf_broken_at(linked, !hf_sys_read_once(&x->list_)))
		return false;
	/* What is in @x first, and together: such stores leave the processor as one. */
	x->prev_ = prev;
	x->next_ = next;
	HF_STAMP_BEGIN_
	hf_sys_write_once(&x->list_, (const struct hf_list *)l);
	HF_STAMP_END_
	next->prev_ = x;
	prev->next_ = x;
	return true;
}

HF_INLINE void hf_list_append_(struct hf_list *l, struct hf_link *x, const struct hf_violation *linked)
{
	(void)hf_list_insert_(l, l->head_.prev_, &l->head_, x, linked);
}

/* In front of all, also of a loop that is at the front: it does not see @x. */
HF_INLINE void hf_list_prepend_(struct hf_list *l, struct hf_link *x, const struct hf_violation *linked)
{
	struct hf_cursor_ *c;

	if (!hf_list_insert_(l, &l->head_, l->head_.next_, x, linked))
		return;
	for (c = l->cursors_; HF_UNLIKELY(c != NULL); c = c->other_)
		if (c->at_ == &l->head_)
			c->at_ = x;
}

/*
 * @x is stamped with @l: the invariant allows it to be touched.  Its links stay as they are: without
 * the stamp nobody reads them.
 */
HF_INLINE void hf_list_unlink_(struct hf_list *l, struct hf_link *x)
{
	struct hf_link *const prev = x->prev_, *const next = x->next_;
	struct hf_cursor_ *c;

	for (c = l->cursors_; HF_UNLIKELY(c != NULL); c = c->other_)
		if (c->at_ == x)
			c->at_ = prev;
	/* From now on another list may take @x, and write its links, which were read before. */
	hf_sys_store_release(&x->list_, (const struct hf_list *)NULL);
	prev->next_ = next;
	next->prev_ = prev;
	/* So that the caller, who owns it now, need not read it again: see hf_link_fini(). */
	HF_KNOWN_(!x->list_);
}

HF_INLINE HF_MUST_USE int hf_list_remove_(struct hf_list *l, struct hf_link *x,
					  const struct hf_violation *foreign)
{
	const struct hf_list *stamp = hf_sys_read_once(&x->list_);

	hf_list_pinned_(l);
	/* One comparison where all is well. */
	if (HF_UNLIKELY(stamp != l)) {
		if (!stamp)
			return -ENOENT;
		if (hf_broken_at(foreign, false))
			return -EXDEV;
	}
	hf_list_unlink_(l, x);
	return 0;
}

/* Every member of @from, restamped, to the end of @to. */
HF_INLINE void hf_list_take_all_(struct hf_list *to, struct hf_list *from)
{
	/* A list already has what it would give itself, and would give it for ever. */
	while (to != from && !hf_list_empty_(from)) {
		struct hf_link *x = from->head_.next_;

		hf_list_unlink_(from, x);
		hf_list_append_(to, x, HF_SITE(HF_LIST, "the element was linked while it moved"));
	}
}

HF_INLINE void hf_list_fini_(struct hf_list *l, const struct hf_violation *full)
{
	hf_require_at(full, hf_list_empty_(l));
}

HF_INLINE void hf_cursor_begin_(struct hf_cursor_ *c, struct hf_list *l)
{
	hf_list_pinned_(l);
	c->list_ = l;
	c->at_ = &l->head_;
	c->other_ = l->cursors_;
	l->cursors_ = c;
}

HF_INLINE struct hf_link *hf_cursor_next_(struct hf_cursor_ *c)
{
	struct hf_link *x = c->at_->next_;

	if (x == &c->list_->head_)
		return NULL;
	c->at_ = x;
	HF_POINTS_(x);
	return x;
}

HF_INLINE void hf_cursor_end_(struct hf_cursor_ *c)
{
	struct hf_cursor_ **p = &c->list_->cursors_;

	while (*p != c)
		p = &(*p)->other_;
	*p = c->other_;
}

/** hf_linked() - whether a link is in a list.  Another list's lock tells nothing more than that. */
HF_INLINE bool hf_linked(const struct hf_link *x)
{
	return hf_sys_read_once(&x->list_) != NULL;
}

/** hf_link_fini() - for drop functions: a violation (list) if the object is still in a list. */
HF_INLINE void hf_link_fini(const struct hf_link *x)
{
	/* Not once and atomically: it is in no list, or this is a violation. */
	hf_require(HF_LIST, !x->list_);
}

/**
 * HF_LIST_DEFINE() - make `struct name`, a list that owns its elements.
 * @name: names the type and its functions.
 * @handle: what is owned by, without `struct`: death_own, node_arc.
 * @T: the element.
 * @link: its member of type struct hf_link.
 *
 *   name_init(l)             before anything else
 *   name_fini(l)             a violation (list) if elements are left
 *   name_empty(l)
 *   name_push_back(l, h), name_push_front(l, h)    consume an owner; violation (list) if the element
 *                            is in a list: then nothing is touched
 *   name_pop_front(l), name_pop_back(l)            give it back; an empty owner if the list is empty
 *   name_remove(l, x)        gives x's owner back; -ENOENT if it is in no list; -EXDEV and a violation
 *                            (list) if it is in another
 *   name_front(l)            borrows the first element, NULL if there is none
 *   name_next(c)             see hf_list_cursor()
 *   name_take_all(to, from)  moves and restamps every element
 *   name_clear(l)            drops every element
 */
#define HF_LIST_DEFINE(name, handle, T, link)						\
	struct name {									\
		struct hf_list list;							\
		__extension__ struct name##_types_ *types_[0];				\
	};										\
	struct name##_cursor {								\
		struct hf_cursor_ c_;							\
	};										\
	struct name##_types_ {								\
		struct name##_cursor cursor;						\
	};										\
	HF_INLINE T *name##_of_(struct hf_link *x)					\
	{										\
		T *e = (T *)(void *)((char *)x - offsetof(T, link));			\
											\
		HF_POINTS_(e);								\
		return e;								\
	}										\
	HF_INLINE struct handle name##_out_(struct hf_list *l, struct hf_link *x)	\
	{										\
		hf_list_pinned_(l);							\
		if (x == &l->head_)							\
			return (struct handle){ .own = { .ptr_ = NULL } };		\
		hf_list_unlink_(l, x);							\
		return (struct handle){ .own = { .ptr_ = name##_of_(x) } };		\
	}										\
	HF_INLINE void name##_init(struct name *l)					\
	{										\
		hf_list_init_(&l->list);						\
	}										\
	HF_INLINE void name##_fini(struct name *l)					\
	{										\
		hf_list_fini_(&l->list, HF_SITE(HF_LIST, "elements are left in " #name));		\
	}										\
	HF_INLINE bool name##_empty(const struct name *l)				\
	{										\
		return hf_list_empty_(&l->list);					\
	}										\
	HF_INLINE void name##_push_back(struct name *l, struct handle h)		\
	{										\
		T *x = h.own.ptr_;							\
											\
		hf_require_at(HF_SITE(HF_MOVED, "the owner put into " #name " owns nothing"), x); \
		hf_list_append_(&l->list, &x->link,					\
				HF_SITE(HF_LIST, "the element put into " #name " is in a list already")); \
	}										\
	HF_INLINE void name##_push_front(struct name *l, struct handle h)		\
	{										\
		T *x = h.own.ptr_;							\
											\
		hf_require_at(HF_SITE(HF_MOVED, "the owner put into " #name " owns nothing"), x); \
		hf_list_prepend_(&l->list, &x->link,					\
				 HF_SITE(HF_LIST, "the element put into " #name " is in a list already")); \
	}										\
	HF_INLINE struct handle name##_pop_front(struct name *l)			\
	{										\
		return name##_out_(&l->list, l->list.head_.next_);			\
	}										\
	HF_INLINE struct handle name##_pop_back(struct name *l)				\
	{										\
		return name##_out_(&l->list, l->list.head_.prev_);			\
	}										\
	HF_INLINE struct handle##_result name##_remove(struct name *l, const T *x)	\
	{										\
		T *e = (T *)(unsigned long)x;						\
		int err = hf_list_remove_(&l->list, &e->link,				\
					  HF_SITE(HF_LIST, "the element is in another list than this " #name)); \
											\
		if (HF_UNLIKELY(err))							\
			return (struct handle##_result){ .err_ = err };			\
		HF_POINTS_(e);								\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = e } } };	\
	}										\
	HF_INLINE T *name##_front(const struct name *l HF_BOUND)			\
	{										\
		return name##_empty(l) ? NULL : name##_of_(l->list.head_.next_);	\
	}										\
	HF_INLINE T *name##_next(struct name##_cursor *c)				\
	{										\
		struct hf_link *x = hf_cursor_next_(&c->c_);				\
											\
		return x ? name##_of_(x) : NULL;					\
	}										\
	HF_INLINE void name##_take_all(struct name *to, struct name *from)		\
	{										\
		hf_list_take_all_(&to->list, &from->list);				\
	}										\
	HF_INLINE void name##_clear(struct name *l)					\
	{										\
		while (!name##_empty(l)) {						\
			struct hf_link *x = l->list.head_.next_;			\
			/* Not name_pop_front(), which may be empty: GCC's analyzer believes it. */ \
			struct handle h = { .own = { .ptr_ = name##_of_(x) } };		\
											\
			hf_list_unlink_(&l->list, x);					\
			handle##_drop(&h);						\
		}									\
	}										\
	struct name

/**
 * hf_list_cursor() - start a loop over a list; it ends with the scope.
 * @c: the new variable; name_next(&c) gives a borrow of each element, then NULL.
 * @l: pointer to the list.
 *
 * Any element may be removed meanwhile: the current one, the next one, all.  Elements inserted
 * further on are seen.
 */
#define hf_list_cursor(c, l)								\
	HF_BINDS_(c)									\
	__typeof__((l)->types_[0]->cursor) c HF_CLEANUP(hf_list_cursor_end_);		\
	hf_cursor_begin_(&(c).c_, &(l)->list)

/* Every name_cursor starts with, and is nothing but, a struct hf_cursor_. */
HF_INLINE void hf_list_cursor_end_(void *c)
{
	hf_cursor_end_(c);
}

#endif
