/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Owners of "something with these operations": a base structure with a table, in objects of several kinds.
 *
 * The bug is CVE-2023-1076.  sock_init_data() takes a struct socket and gets the user id from the inode
 * around it.  Not every socket is in such a structure:
 *
 *	sk->sk_uid = SOCK_INODE(sock)->i_uid;	// container_of(sock, struct socket_alloc, socket)
 *
 * tun_chr_open() gave it the socket in a struct tun_file, so the user id was read from other members, and
 * was always that of root.  A list of mixed work items that is cast by a `type` field goes wrong in the same
 * way, and so does a table whose destructor is that of another kind.
 *
 * Here the table says what kind an object is of, each conversion compares it, and the destructor in the table is made
 * of the kind's own owner:
 *
 *	struct shape;
 *	struct shape_own;
 *	struct shape_ops {
 *		void (*drop)(struct shape_own s);	// each kind's is made by HF_IMPL_OPS()
 *		int (*area)(const struct shape *s);
 *	};
 *	struct shape {
 *		const struct shape_ops *const ops;	// const: only the library sets it
 *		struct hf_link link;
 *	};
 *	HF_DYN_DEFINE(shape, struct shape);		// struct shape_own
 *
 *	struct circle {
 *		int radius;
 *		struct shape base;
 *	};
 *	HF_OWN_DEFINE(circle, struct circle, circle_free);
 *	HF_IMPL_DEFINE(circle_shape, shape, circle_own, struct circle, base);
 *
 *	static int circle_area(const struct shape *s)
 *	{
 *		const struct circle *c = hf_self(circle_shape, s);
 *		...
 *	}
 *
 *	HF_IMPL_OPS(circle_shape, .area = circle_area);
 *
 *	hf_impl_init(circle_shape, c);				// where a circle is initialised
 *	hf_let(shape, s, hf_upcast(circle_shape, hf_move(c)));	// its circle is freed at the end of the scope
 *
 *	total += hf_ref(s)->ops->area(hf_ref(s));
 *	if (hf_is_a(circle_shape, hf_ref(s))) {
 *		hf_let(circle, again, hf_try(hf_downcast(circle_shape, s)));
 *		...
 *	}
 *
 * A shape_own is an owner (own.h): one pointer, to the base.  So a list, a work item or a foreign place can own objects
 * of several kinds.
 *
 * The call through the table is that of raw C.  In release and debug builds hf_self() compares the object's table with
 * that of the kind.  It finds the operation of one kind in the table of another, and a call through the table of
 * another object.
 *
 * An object may also be owned by arcs.  Its interface is then defined of a const structure, and its owner has one
 * reference and lends shared borrows only: HF_DYN_DEFINE(item, const struct item).  Other kinds of the same interface may
 * have unique owners.  Binder's queue is of this kind: one list owns transactions and references to nodes, and each
 * goes back to an owner of its own type.  hf_clone() does not serve such an owner; hf_arc_from(node, hf_self(node_item,
 * i)) does.
 *
 * Rust: Box<dyn Trait>, Arc<dyn Trait>, impl Trait for T, dyn Any.
 */
#ifndef HOLDFAST_DYN_H
#define HOLDFAST_DYN_H

#include <holdfast/own.h>

/**
 * HF_DYN_DEFINE() - make `struct name_own`, the owner of an object of any kind that has a T in it.
 * @name: names the interface, its types and functions.
 * @T: the base structure, complete.  Its member `ops` is a const pointer to a const table, and the table's member
 *	`drop` a `void (*)(struct name_own)`.  With `const`, the owner lends shared borrows only, and kinds may have arcs.
 *
 * Also makes what HF_OWN_DEFINE() makes; hf_new() and hf_adopt_unchecked() make an object of its kind only.
 *
 * Context of name_own_drop(): that of the drop function of the object's kind.  Rust: trait, Box<dyn Trait>.
 */
#define HF_DYN_DEFINE(name, T)								\
	_Static_assert(__builtin_types_compatible_p(__typeof__(&((T *)0)->ops),		\
						    const __typeof__(*((T *)0)->ops) *const *), \
		       "HF_DYN_DEFINE: member 'ops' of " #T " is no const pointer to a const table"); \
	_Static_assert(__builtin_types_compatible_p(__typeof__(((T *)0)->ops->drop), void (*)(struct name##_own)), \
		       "HF_DYN_DEFINE: 'drop' in the table of " #T " is no void (*)(struct " #name "_own)"); \
	HF_INLINE void name##_end_(T *base);						\
	HF_OWN_HANDLE_DEFINE_(name, T, name##_end_);					\
	HF_INLINE void name##_end_(T *base)						\
	{										\
		base->ops->drop((struct name##_own){ .own = { .ptr_ = (void *)(unsigned long)base } }); \
	}										\
	struct name##_own

/**
 * HF_IMPL_DEFINE() - say that the objects of an owner are of one kind of an interface.
 * @impl: names the kind.
 * @name: the interface, as in HF_DYN_DEFINE().
 * @handle: what owns such an object, without `struct`: circle_own, node_arc.
 * @T: what @handle owns; a complete type.
 * @base: its member of the structure of the interface.
 *
 * Stands before the operations, and in a header if several source files use the kind.  Also declares the kind's
 * table, name impl_ops.
 *
 * Rust: impl Trait for T.
 */
#define HF_IMPL_DEFINE(impl, name, handle, T, base)					\
	_Static_assert(__builtin_types_compatible_p(T, __typeof__(*((struct handle *)0)->type_[0])), \
		       "HF_IMPL_DEFINE: " #handle " is no owner of a " #T);		\
	_Static_assert(__builtin_types_compatible_p(__typeof__(((T *)0)->base),		\
						    __typeof__(*((struct name##_own *)0)->type_[0])), \
		       "HF_IMPL_DEFINE: member '" #base "' of " #T " is not the structure of " #name); \
	_Static_assert(HF_SHARES_(name##_own) || !HF_SHARES_(handle),			\
		       "HF_IMPL_DEFINE: " #handle " is a shared owner, so HF_DYN_DEFINE(" #name ") must have a const structure"); \
	typedef __typeof__(((T *)0)->base) impl##_base_;				\
	typedef struct name##_own impl##_dyn_;						\
	typedef T impl##_object_;							\
	extern const __typeof__(*((impl##_base_ *)0)->ops) impl##_ops;			\
	HF_INLINE void impl##_init_(T *p)						\
	{										\
		/* Const to everybody else. */						\
		*(const void **)(unsigned long)&p->base.ops = &impl##_ops;		\
	}										\
	HF_INLINE bool impl##_is_(const impl##_base_ *b)				\
	{										\
		return b->ops == &impl##_ops;						\
	}										\
	HF_INLINE T *impl##_of_(void *base)						\
	{										\
		return (T *)(void *)((char *)base - offsetof(T, base));			\
	}										\
	HF_INLINE const T *impl##_self_(const impl##_base_ *b HF_BOUND, const struct hf_violation *other) \
	{										\
		hf_require_at(other, impl##_is_(b));					\
		return impl##_of_((void *)(unsigned long)b);				\
	}										\
	HF_INLINE T *impl##_self_mut_(impl##_base_ *b HF_BOUND, const struct hf_violation *other) \
	{										\
		hf_require_at(other, impl##_is_(b));					\
		return impl##_of_(b);							\
	}										\
	HF_INLINE struct name##_own impl##_upcast_(struct handle h)			\
	{										\
		T *p = h.own.ptr_;							\
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "there is no owner to convert from " #impl), p);	\
		hf_require_at(HF_CALLER_SITE(HF_KIND, "hf_impl_init(" #impl ") did not initialise the object"), \
			      impl##_is_(&p->base));					\
		return (struct name##_own){ .own = { .ptr_ = (void *)(unsigned long)&p->base } }; \
	}										\
	HF_INLINE struct handle##_result impl##_downcast_(struct hf_owner *o, const impl##_base_ *b) \
	{										\
		T *p;									\
											\
		if (!impl##_is_(b))							\
			return HF_FAILURE_((struct handle##_result){ .err_ = HF_CALLER_ERROR_(-EINVAL) }); \
		p = impl##_of_(o->ptr_);						\
		o->ptr_ = NULL;								\
		HF_POINTS_(p);								\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = p } } };	\
	}										\
	/* A function of the type that the table has: its address is taken. */		\
	static HF_UNANALYZED __attribute__((__unused__)) void impl##_drop_(struct name##_own o) \
	{										\
		struct handle h = { .own = { .ptr_ = impl##_of_(o.own.ptr_) } };	\
											\
		hf_require_at(HF_CALLER_SITE(HF_KIND, "the object is not of kind " #impl), impl##_is_(o.own.ptr_)); \
		handle##_drop(&h);							\
	}										\
	struct name##_own

/**
 * HF_IMPL_OPS() - define the table of a kind.
 * @impl: as in HF_IMPL_DEFINE().
 *
 * The other arguments initialise the table of the interface: `.area = circle_area`.  Its `drop` is made here: it drops the
 * owner of HF_IMPL_DEFINE().  Once in a program, at file scope, behind the operations.
 */
#define HF_IMPL_OPS(impl, ...)								\
	_Pragma("GCC diagnostic push")							\
	_Pragma("GCC diagnostic error \"-Wincompatible-pointer-types\"")			\
	_Pragma("GCC diagnostic error \"-Woverride-init\"")				\
	const __typeof__(impl##_ops) impl##_ops = { .drop = impl##_drop_, __VA_ARGS__ }; \
	_Pragma("GCC diagnostic pop")							\
	_Static_assert(sizeof(impl##_ops), #impl)

#define HF_DYN_CHECK_(impl, b, text, door)						\
	HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(*(b)), impl##_base_),	\
			 door ": '" text "' is no pointer to the structure of the interface of " #impl)

/**
 * hf_impl_init() - say in an object of what kind it is.
 * @impl: as in HF_IMPL_DEFINE().
 * @p: the object, a `T *`, before anybody else sees it.
 *
 * Nothing undoes it.  An object that was not initialised is a violation (kind) in hf_upcast().
 *
 * Context: any.
 */
#define hf_impl_init(impl, p)								\
	(HF_STATIC_CHECK_(__builtin_types_compatible_p(__typeof__(&*(p)), impl##_object_ *),	\
			  "hf_impl_init: '" #p "' is no object of kind " #impl),	\
	 impl##_init_(p))

/**
 * hf_upcast() - the owner of an object of a kind as an owner of its interface.
 * @impl: as in HF_IMPL_DEFINE().
 * @h: a handle, which moves: hf_move(), hf_take(), hf_clone().  An empty one is a violation (moved).
 *
 * Return: a `struct name_own`.
 * Context: any.  Rust: Box<T> as Box<dyn Trait>.
 */
#define hf_upcast(impl, h)		impl##_upcast_(h)

/**
 * hf_is_a() - whether an object is of a kind.
 * @impl: as in HF_IMPL_DEFINE().
 * @b: a borrow of the interface's structure.
 *
 * Context: any.  Rust: Any::is.
 */
#define hf_is_a(impl, b)								\
	(HF_DYN_CHECK_(impl, b, #b, "hf_is_a"), impl##_is_(b))

/**
 * hf_self() - the object that a base is in.
 * @impl: as in HF_IMPL_DEFINE().
 * @b: a borrow of the interface's structure.  A violation (kind) if its object is of another kind.
 *
 * An operation begins by it.
 *
 * Return: a `T *`; a `const T *`, if @b is a pointer to const.
 * Context: any.  Rust: self; Any::downcast_ref, unwrapped.
 */
#define hf_self(impl, b)								\
	(HF_DYN_CHECK_(impl, b, #b, "hf_self"),						\
	 _Generic((b), impl##_base_ *: impl##_self_mut_, default: impl##_self_)		\
		((b), HF_SITE(HF_KIND, "the object of '" #b "' is not of kind " #impl)))

/**
 * hf_downcast() - move the owner of an object of a kind out of a variable or place that owns an object of any kind.
 * @impl: as in HF_IMPL_DEFINE().
 * @o: a `struct name_own`, a variable or a place.  It is empty afterwards; on an error it still owns the object.  A
 *	violation (moved) if it owns nothing.
 *
 * After it the analysis takes a variable for one that owns, as only the errno tells; the run-time checks stay.
 *
 * Return: a `struct handle_result`; -EINVAL if the object is of another kind.
 * Context: any.  Rust: Box<dyn Any>::downcast.
 */
#define hf_downcast(impl, o)	HF_DOWNCAST_(impl, o, #o)
#define HF_DOWNCAST_(impl, o, text)							\
	__extension__ ({								\
		HF_LET_HANDLE_(hf_o_, o)						\
		HF_LET_SITES_(text)							\
		HF_NOT_CONST_(*hf_o_, text, "hf_downcast");				\
		_Static_assert(__builtin_types_compatible_p(__typeof__(*hf_o_), impl##_dyn_), \
			       "hf_downcast: '" text "' is no owner of the interface of " #impl); \
		impl##_downcast_(&hf_o_->own, HF_ASK_(mut, o, &hf_o_->own, hf_sites_));	\
	})

#endif
