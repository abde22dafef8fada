/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Ordered maps: intrusive search trees that know and own their members.
 *
 * The bug is CVE-2024-56555, in binder:
 *
 *	for (n = rb_first(&proc->nodes); n; n = rb_next(n)) {
 *		node = rb_entry(n, struct binder_node, rb_node);
 *		binder_inner_proc_unlock(proc);	// another thread takes the node out of the tree and puts
 *		...				// it into a list, by a union with rb_node
 *		binder_inner_proc_lock(proc);
 *	}					// rb_next() takes the list's pointers for a tree's
 *
 * Here a loop is a cursor that the map knows.  Who takes an element out moves each cursor that is at it, under
 * the map's lock, so the loop goes on with the next element:
 *
 *	HF_MAP_DEFINE(node_map, node_arc, struct node, link, ptr, hf_compare);
 *
 *	hf_lock(p, &proc->inner);
 *	hf_map_cursor(c, &p->nodes);
 *	for (const struct node *n; (n = node_map_next(&c));) {
 *		hf_let_arc(node, kept, hf_arc_from(node, n));
 *		hf_unlocked(p);			// any element may be removed meanwhile
 *		freeze(hf_ref(kept));
 *	}
 *
 * Members are stamped and owned as those of a list.h, whose invariant holds: removal through another map gives an
 * error, is reported and touches nothing; an element that is dropped while it is in a map is a violation; of
 * several threads with an arc of one object one inserts it.
 *
 * A key cannot change while its element is in the map, as the order would be wrong: the member is const, and
 * only name_set_key() writes it, which refuses what is in a map.  Equal keys are made different by a key that is a
 * structure, here for the best fit:
 *
 *	struct size_key { size_t size; u64 addr; };
 *	static int size_compare(const struct size_key *a, const struct size_key *b)
 *	{
 *		return hf_compare(&a->size, &b->size) ?: hf_compare(&a->addr, &b->addr);
 *	}
 *
 *	struct buffer { const struct size_key by_size; struct hf_map_link link; ... };
 *	HF_MAP_DEFINE(buffers, buffer_own, struct buffer, link, by_size, size_compare);
 *
 *	struct buffer *b = hf_try(buffers_lower_bound_mut(&a->free, (struct size_key){ .size = n }));
 *
 * The tree is the kernel's rbtree, in userspace libbsd's.  A lookup and an insertion are loops over the typed key
 * without calls of pointers, as the kernel's idiom has them.
 *
 * Rust: kernel::rbtree::RBTree, which owns its nodes in boxes; here the node is in the element.
 */
#ifndef HOLDFAST_MAP_H
#define HOLDFAST_MAP_H

#include <holdfast/list.h>
#include <holdfast/pin.h>

/* --- types -------------------------------------------------------------------------------------- */

/** The member of an element by which it is in a map.  Zeroed: in no map. */
struct hf_map_link {
	struct hf_sys_tree_node node_;
	const void *in_;		/* the stamp: the map that it is in, or NULL */
	/* A const member, even of no size, makes the whole unassignable. */
	__extension__ const char stays_[0];
};

/** A map of any type; HF_MAP_DEFINE() wraps it in a type of its own. */
struct hf_map {
	struct hf_sys_tree tree_;
	struct hf_cursor_ *cursors_;	/* the loops under way */
	struct hf_pin pin_;
};

/* --- operations on maps of any type ------------------------------------------------------------- */

HF_INLINE void hf_map_init_(struct hf_map *m)
{
	hf_sys_tree_init(&m->tree_);
	m->cursors_ = NULL;
	hf_pin_init(&m->pin_);
}

/* The address of a map is the stamp of its members, so it stays where it is.  Debug builds. */
HF_INLINE void hf_map_pinned_(const struct hf_map *m, const struct hf_violation *moved)
{
#if HF_DEBUG
	hf_require_at(moved, m->pin_.self_ == &m->pin_);
#else
	(void)m;
	(void)moved;
#endif
}

HF_INLINE bool hf_map_empty_(const struct hf_map *m)
{
	return !*hf_sys_tree_root(&m->tree_);
}

/* The node is the first member; of NULL it is NULL. */
HF_INLINE struct hf_map_link *hf_map_link_(struct hf_sys_tree_node *n)
{
	return (struct hf_map_link *)(void *)n;
}

HF_INLINE struct hf_map_link *hf_map_first_(const struct hf_map *m)
{
	struct hf_sys_tree_node *n = *hf_sys_tree_root(&m->tree_);

	if (n)
		while (*hf_sys_tree_left(n))
			n = *hf_sys_tree_left(n);
	return hf_map_link_(n);
}

HF_INLINE struct hf_map_link *hf_map_last_(const struct hf_map *m)
{
	struct hf_sys_tree_node *n = *hf_sys_tree_root(&m->tree_);

	if (n)
		while (*hf_sys_tree_right(n))
			n = *hf_sys_tree_right(n);
	return hf_map_link_(n);
}

/*
 * Insert @x, which the caller may insert.  A loop in the gap that @x comes into has passed it, whichever way it
 * goes: it may take an element out and put it back.
 */
HF_INLINE void hf_map_insert_(struct hf_map *m, struct hf_sys_tree_node *parent, struct hf_sys_tree_node **place,
			      struct hf_map_link *x)
{
	hf_stamp_set_(&x->in_, m);
	hf_sys_tree_insert(&m->tree_, parent, place, &x->node_);
	if (HF_UNLIKELY(m->cursors_ != NULL)) {
		struct hf_map_link *const prev = hf_map_link_(hf_sys_tree_prev(&x->node_));

		for (struct hf_cursor_ *c = m->cursors_; c; c = c->other_)
			if (c->gone_ && !c->back_ && c->at_ == prev)
				c->at_ = x;
	}
}

/* @x is stamped with @m: the invariant allows it to be touched. */
HF_INLINE void hf_map_unlink_(struct hf_map *m, struct hf_map_link *x)
{
	if (HF_UNLIKELY(m->cursors_ != NULL)) {
		struct hf_map_link *const prev = hf_map_link_(hf_sys_tree_prev(&x->node_));

		for (struct hf_cursor_ *c = m->cursors_; c; c = c->other_)
			if (c->at_ == x) {
				c->at_ = prev;
				c->gone_ = true;
			}
	}
	hf_sys_tree_remove(&m->tree_, &x->node_);
	hf_stamp_clear_(&x->in_);
	/* So that the caller, who owns it now, need not read it again: see hf_link_fini(). */
	HF_KNOWN_(!x->in_);
}

/* --- cursors ------------------------------------------------------------------------------------ */

HF_INLINE struct hf_cursor_ hf_map_begin_(struct hf_cursor_ *c, struct hf_map *m, const struct hf_violation *moved)
{
	hf_map_pinned_(m, moved);
	return hf_cursor_begin_(c, m, NULL, &m->cursors_);
}

HF_INLINE struct hf_cursor_ hf_map_begin_const_(struct hf_cursor_ *c, const struct hf_map *m,
						const struct hf_violation *moved)
{
	hf_map_pinned_(m, moved);
	return hf_cursor_begin_(c, m, NULL, NULL);
}

HF_INLINE struct hf_map_link *hf_map_step_(struct hf_cursor_ *c, struct hf_map_link *x, bool back)
{
	if (!x)
		return NULL;
	c->at_ = x;
	c->gone_ = false;
	c->back_ = back;
	HF_POINTS_(x);
	return x;
}

HF_INLINE struct hf_map_link *hf_map_next_(struct hf_cursor_ *c, const struct hf_violation *left)
{
	struct hf_map_link *const at = c->at_;

	if (!at)
		return hf_map_step_(c, hf_map_first_(c->of_), false);
	hf_cursor_check_(c, &at->in_, left);
	return hf_map_step_(c, hf_map_link_(hf_sys_tree_next(&at->node_)), false);
}

HF_INLINE struct hf_map_link *hf_map_prev_(struct hf_cursor_ *c, const struct hf_violation *left)
{
	struct hf_map_link *const at = c->at_;

	if (at)
		hf_cursor_check_(c, &at->in_, left);
	if (c->gone_)
		return hf_map_step_(c, at, true);
	return hf_map_step_(c, at ? hf_map_link_(hf_sys_tree_prev(&at->node_)) : hf_map_last_(c->of_), true);
}

/**
 * hf_map_cursor() - start a loop over a map in the order of its keys; it ends with the scope.
 * @c: the new variable, for name_next(&c), name_prev(&c) and name_seek(&c, key): a `struct name_cursor`, const if
 *	the map is.
 * @m: pointer to the map.
 *
 * Any element may be removed meanwhile: the current one, the next one, all.  Elements inserted further on are
 * visited; what is put between the neighbours of an element that was removed at the cursor, is not.  So a loop may
 * take an element out, give it another key and put it back.
 *
 * A const map (under hf_read_lock(), in a borrowed object) may be walked by several threads at once, as with
 * hf_list_cursor().
 */
#define hf_map_cursor(c, m)	HF_CURSOR_(c, m, map, #m)

/* --- maps of a type ----------------------------------------------------------------------------- */

/**
 * hf_compare() - the order of integers, or of pointers, as the compare of HF_MAP_DEFINE() or a part of it.
 * @a, @b: pointers to values of one type.
 *
 * Return: below 0, 0 or above 0, as *@a is less than *@b, equal, or greater.  Rust: Ord::cmp.
 */
#define hf_compare(a, b)								\
	__extension__ ({								\
		HF_SHADOW_BEGIN_							\
		const __typeof__(*(a)) hf_a_ = *(a);					\
		const __typeof__(*(b)) hf_b_ = *(b);					\
		HF_SHADOW_END_								\
		_Static_assert(__builtin_types_compatible_p(__typeof__(*(a)), __typeof__(*(b))), \
			       "hf_compare: '" #a "' and '" #b "' are of different types"); \
		/* Not a difference, which compilers would compute and then test. */	\
		hf_a_ < hf_b_ ? -1 : hf_a_ > hf_b_;					\
	})

#define HF_MAP_PINNED_(m)	hf_map_pinned_(&(m)->map, HF_CALLER_SITE(HF_PIN, HF_NOT_PINNED_(map)))
#define HF_LINK_map_		struct hf_map_link
/* The key of a T, which is const. */
#define HF_KEY_(T, key)		__typeof__(((T *)0)->key)

/**
 * HF_MAP_DEFINE() - make `struct name`, an ordered map that owns its elements.
 * @name: names the type and its functions.
 * @handle: what it owns an element by, without `struct`: buffer_own, node_arc.
 * @T: the element.
 * @link: its member of type struct hf_map_link.
 * @key: its member by which the map is ordered, of any type K that can be assigned; declared const.
 * @compare: int (const K *a, const K *b): below 0, 0 or above 0, as a comes before b, is equal, or comes behind.
 *	hf_compare for integers.
 *
 * The functions, for a map m, an element x, an owner h, a key k and a cursor c:
 *
 *	name_init(m)			makes an empty map, before anything else
 *	name_fini(m)			violation (list) if elements are left
 *	name_empty(m)			whether it has no elements
 *	name_has(m, x)			whether x is in it, and not in another map
 *
 *	name_set_key(x, k)		sets the key of an element that is in no map of this link; else a
 *					violation (list).  Of what arcs share: before, as in hf_new_arc_with()
 *	name_insert(m, h)		0, and the map owns the element; -EEXIST if one has the same key, or, of
 *					arcs, if the element is in a map already.  An own of an element that
 *					is in a map is a violation (list), too.  The owner is consumed: on an error it
 *					is dropped
 *
 *	name_find(m, k)			borrow the element with the key: a `const T *` in a `struct
 *					name_ref_result`; -ENOENT
 *	name_lower_bound(m, k)		the same of the first key that is equal or behind; -ENOENT
 *	name_first(m), name_last(m)	the same of the ends; -ENODATA if the map is empty
 *	name_find_mut(m, k) ...		each also exclusive: a `T *` in a `struct name_mut_result`.  Arcs are
 *					shared: of a map of arcs it is a `const T *`
 *
 *	name_remove(m, x)		gives the owner of x, a `struct handle_result`; -ENOENT if x is in no
 *					map; -EXDEV and a violation (list) if it is in another one
 *	name_remove_key(m, k)		gives the owner of the element with the key; -ENOENT
 *	name_pop_first(m)		gives the owner of the first element; -ENODATA if the map is empty
 *	name_clear(m)			drops all elements, in order
 *
 *	name_next(c), name_prev(c)	borrow the next element in either direction; NULL at the end.  A
 *					`T *`; a `const T *` if the map is const, or owns arcs
 *	name_seek(c, k)			moves the cursor between the elements before k, and those from k on
 *
 * An insertion does not give the owner back: the result would be an errno and an owner, and a variable that owns or
 * not by an errno counts as moved.  Who wants to keep the element asks first, under the same lock:
 * `hf_errno(name_find(m, k)) == -ENOENT`.
 *
 * Context: any; the caller serialises access to the map.  What drops an owner calls its drop function.
 * Rust: RBTree, Cursor.
 */
#define HF_MAP_DEFINE(name, handle, T, link, key, compare)				\
	_Static_assert(__builtin_types_compatible_p(__typeof__(&((T *)0)->key), const HF_KEY_(T, key) *), \
		       "HF_MAP_DEFINE: the key '" #key "' of '" #T "' is not const, so it could change in the map"); \
	HF_LINKED_DEFINE_(name, map, "HF_MAP_DEFINE", handle, T, link)			\
	/* The link of the element with key @k, or, if @above, of the first one behind; or NULL. */ \
	static __attribute__((__unused__)) HF_UNANALYZED struct hf_map_link *		\
	name##_search_(const struct name *m, HF_KEY_(T, key) *k, bool above)		\
	{										\
		struct hf_sys_tree_node *n = *hf_sys_tree_root(&m->map.tree_), *behind = NULL; \
											\
		while (n) {								\
			const int order = compare(k, &name##_of_(hf_map_link_(n))->key);	\
											\
			if (order < 0) {						\
				behind = n;						\
				n = *hf_sys_tree_left(n);				\
			} else if (order > 0) {						\
				n = *hf_sys_tree_right(n);				\
			} else {							\
				return hf_map_link_(n);					\
			}								\
		}									\
		return hf_map_link_(above ? behind : NULL);				\
	}										\
	/* The empty place for key @k, or NULL if an element has it. */			\
	static __attribute__((__unused__)) HF_UNANALYZED struct hf_sys_tree_node **	\
	name##_place_(struct name *m, HF_KEY_(T, key) *k, struct hf_sys_tree_node **parent) \
	{										\
		struct hf_sys_tree_node **place = hf_sys_tree_root(&m->map.tree_);	\
											\
		*parent = NULL;								\
		while (*place) {							\
			const T *const e = name##_of_(hf_map_link_(*place));		\
			const int order = compare(k, &e->key);				\
											\
			*parent = *place;						\
			if (order < 0)							\
				place = hf_sys_tree_left(*place);			\
			else if (order > 0)						\
				place = hf_sys_tree_right(*place);			\
			else								\
				return NULL;						\
		}									\
		return place;								\
	}										\
	HF_INLINE T *name##_or_null_(struct hf_map_link *x)				\
	{										\
		return x ? name##_of_(x) : NULL;					\
	}										\
	HF_INLINE struct handle##_result name##_out_(struct name *m, T *e, int none)	\
	{										\
		if (HF_UNLIKELY(!e))							\
			return HF_FAILURE_((struct handle##_result){ .err_ = HF_CALLER_ERROR_(none) }); \
		hf_map_unlink_(&m->map, &e->link);					\
		HF_POINTS_(e);								\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = e } } };	\
	}										\
	HF_INLINE void name##_init(struct name *m)					\
	{										\
		hf_map_init_(&m->map);							\
	}										\
	HF_INLINE bool name##_empty(const struct name *m)				\
	{										\
		HF_MAP_PINNED_(m);							\
		return hf_map_empty_(&m->map);						\
	}										\
	HF_INLINE void name##_fini(struct name *m)					\
	{										\
		HF_MAP_PINNED_(m);							\
		hf_require_at(HF_CALLER_SITE(HF_LIST, "elements are left in the map"),	\
			      hf_map_empty_(&m->map));					\
	}										\
	HF_INLINE void name##_set_key(T *x, HF_KEY_(T, key) k)				\
	{										\
		hf_require_at(HF_CALLER_SITE(HF_LIST, "the element whose key is set is in a map"),	\
			      !hf_linked_(&x->link.in_));				\
		/* Allocated memory is not const, only what is seen of it. */		\
		memcpy((void *)(unsigned long)&x->key, &k, sizeof(k));			\
	}										\
	HF_INLINE HF_MUST_USE int name##_insert(struct name *m, struct handle h)	\
	{										\
		T *x = name##_in_(h, HF_CALLER_SITE(HF_MOVED, "the owner owns nothing")); \
		struct hf_sys_tree_node *parent, **place;				\
											\
		HF_MAP_PINNED_(m);							\
		if (!HF_SHARES_(handle) &&						\
		    hf_broken_at(HF_CALLER_SITE(HF_LIST, "the element is in a map already"), \
				 hf_stamp_claim_(&x->link.in_, &m->map, false)))	\
			return HF_CALLER_ERROR_(-EEXIST);				\
		/* Before the claim, which others would see if it had to be given up. */\
		place = name##_place_(m, &x->key, &parent);				\
		if (HF_UNLIKELY(!place) ||						\
		    (HF_SHARES_(handle) && !hf_stamp_claim_(&x->link.in_, &m->map, true))) { \
			name##_drop_(h);						\
			return HF_CALLER_ERROR_(-EEXIST);				\
		}									\
		hf_map_insert_(&m->map, parent, place, &x->link);			\
		return 0;								\
	}										\
	HF_MAP_LOOK_DEFINE_(name, find, -ENOENT, name##_or_null_(name##_search_(m, &k, false)), , HF_KEY_(T, key) k) \
	HF_MAP_LOOK_DEFINE_(name, lower_bound, -ENOENT, name##_or_null_(name##_search_(m, &k, true)), , HF_KEY_(T, key) k) \
	HF_MAP_LOOK_DEFINE_(name, first, -ENODATA, name##_or_null_(hf_map_first_(&m->map)),) \
	HF_MAP_LOOK_DEFINE_(name, last, -ENODATA, name##_or_null_(hf_map_last_(&m->map)),) \
	HF_INLINE struct handle##_result name##_remove(struct name *m, const T *x)	\
	{										\
		T *e = (T *)(unsigned long)x;						\
		int err;								\
											\
		HF_MAP_PINNED_(m);							\
		err = hf_stamp_is_(&e->link.in_, &m->map,				\
				   HF_CALLER_SITE(HF_LIST, "the element is in another map")); \
		if (HF_UNLIKELY(err))							\
			return (struct handle##_result){ .err_ = err };			\
		HF_POINTS_(e);								\
		return name##_out_(m, e, 0);						\
	}										\
	HF_INLINE struct handle##_result name##_remove_key(struct name *m, HF_KEY_(T, key) k) \
	{										\
		HF_MAP_PINNED_(m);							\
		return name##_out_(m, name##_or_null_(name##_search_(m, &k, false)), -ENOENT);	\
	}										\
	HF_INLINE struct handle##_result name##_pop_first(struct name *m)		\
	{										\
		HF_MAP_PINNED_(m);							\
		return name##_out_(m, name##_or_null_(hf_map_first_(&m->map)), -ENODATA); \
	}										\
	HF_INLINE void name##_clear(struct name *m)					\
	{										\
		while (!name##_empty(m)) {						\
			struct hf_map_link *x = hf_map_first_(&m->map);			\
			struct handle h = { .own = { .ptr_ = name##_of_(x) } };		\
											\
			hf_map_unlink_(&m->map, x);					\
			handle##_drop(&h);						\
		}									\
	}										\
	HF_CURSOR_STEPS_(name, map, next, handle, T)					\
	HF_CURSOR_STEPS_(name, map, prev, handle, T)					\
	HF_INLINE void name##_seek(const struct name##_cursor *c, HF_KEY_(T, key) k)	\
	{										\
		struct name *const m = c->c_->of_;					\
		T *const e = name##_or_null_(name##_search_(m, &k, true));				\
											\
		c->c_->at_ = e ? hf_map_link_(hf_sys_tree_prev(&e->link.node_)) : hf_map_last_(&m->map); \
		c->c_->gone_ = true;							\
		c->c_->back_ = false;							\
	}										\
	struct name

/* name_which() and name_which_mut(): what @look finds in m, or the error @none. */
#define HF_MAP_LOOK_DEFINE_(name, which, none, look, ...)				\
	HF_MAP_LOOK_(name, const, which, ref, none, look, __VA_ARGS__)			\
	HF_MAP_LOOK_(name, , which##_mut, mut, none, look, __VA_ARGS__)
#define HF_MAP_LOOK_(name, constness, which, how, none, look, ...)			\
	HF_INLINE struct name##_##how##_result						\
	name##_##which(constness struct name *m HF_BOUND __VA_ARGS__)			\
	{										\
		__typeof__(*((struct name##_mut_result *)0)->val_) *e;			\
											\
		HF_MAP_PINNED_(m);							\
		e = look;								\
		if (HF_UNLIKELY(!e))							\
			return HF_FAILURE_((struct name##_##how##_result){ .err_ = HF_CALLER_ERROR_(none) }); \
		HF_POINTS_(e);								\
		return (struct name##_##how##_result){ .val_ = e };			\
	}

#endif
