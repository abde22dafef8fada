/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Objects that are read without a lock, and replaced while they are read.
 *
 * The bug: whoever replaces an object frees the old one, and a reader still looks at it.
 *
 *	old = rcu_dereference_protected(dev->config, lockdep_is_held(&dev->lock));
 *	rcu_assign_pointer(dev->config, new);
 *	kfree(old);			// and not kfree_rcu(old, rcu)
 *
 * Here a place owns the object that is published.  What comes out of it by a replacement is an owner of another
 * type: it lends for reading only, and its drop waits for the readers.
 *
 *	struct config {
 *		struct hf_rcu_head rcu;
 *		int limit;
 *	};
 *	HF_RCU_DEFINE(config, struct config, rcu, config_free);	// struct config_own, config_rcu, config_retired_own
 *
 *	hf_rcu_read_else(c, &dev->config, return -ENODEV);	// c: const struct config *, in this scope
 *	return c->limit;
 *
 *	hf_let(config, new, hf_try(hf_new(config, GFP_KERNEL)));
 *	hf_mut(new)->limit = 5;
 *	hf_let(config_retired, old, config_rcu_replace(&dev->config, hf_move(new)));
 *
 * At the end of its scope `old` is given to call_rcu().  Where the old object is wanted back, as one that is not
 * shared any more, config_rcu_wait(hf_move(old)) waits for the readers and gives a `struct config_own`.
 *
 * A reader must not sleep, as under a lock that spins: on Clang >= 22 what may sleep does not compile there.
 *
 * Replacements may run at once, and each gets another old object.  Whoever makes the new object from the old one
 * holds a lock of its own from the read to the replacement, or loses the change of another.
 *
 * Rust: the kernel crate has rcu::Guard, and no owner of this kind yet.
 */
#ifndef HOLDFAST_RCU_H
#define HOLDFAST_RCU_H

#include <holdfast/lock.h>
#include <holdfast/own.h>

/** A member of what is published, for the time between the replacement and the drop. */
struct hf_rcu_head {
	struct hf_sys_rcu_head h_;
};

/**
 * HF_RCU_DEFINE() - make `struct name_own`, `struct name_rcu` and `struct name_retired_own`.
 * @name: names the types and functions.
 * @T: what is published; a complete type.
 * @head: its member of type struct hf_rcu_head.
 * @drop_fn: void (T *): ends the object's life and frees its memory, as HF_OWN_DEFINE() has it.  It may be called
 *	     in softirq context and must not sleep: one that is marked HF_SLEEPS does not compile on Clang >= 22.
 *
 * `struct name_own` is the owner of an object that nobody else sees, as of HF_OWN_DEFINE(); `struct name_rcu` a place
 * that owns what is published, or nothing.  A zeroed place is empty.  `struct name_retired_own` owns what was
 * published; hf_let(name_retired, ...), hf_move(), hf_ref(), hf_drop(name_retired, ...) serve it.  Its drop does
 * not wait: it lets @drop_fn be called when the readers have left.
 *
 *	void name_rcu_init(struct name_rcu *place, struct name_own first)
 *		Publishes @first, which may be empty, before anybody else can reach @place.
 *	struct name_retired_own name_rcu_replace(const struct name_rcu *place, struct name_own next)
 *		Publishes @next, which may be empty, and gives what was there, which may be empty too.  As for a lock, a
 *		pointer to const is enough.  Any context.
 *	struct name_own name_rcu_wait(struct name_retired_own old)
 *		Waits for the readers: nobody else sees the object then.  Sleeps.
 *	void name_rcu_fini(struct name_rcu *place)
 *		Drops what is published, at once: whoever has @place alone knows that nobody reads.
 */
#define HF_RCU_DEFINE(name, T, head, drop_fn)						\
	HF_OWN_DEFINE(name, T, drop_fn);						\
	/* Shared with the readers: const, as an arc's is. */				\
	HF_MUST_USE_TYPE(name##_retired_own) {						\
		struct hf_owner own;							\
		__extension__ const T *type_[0];					\
	};										\
	struct name##_rcu {								\
		void *ptr_;								\
		__extension__ const T *type_[0];					\
		__extension__ const char stays_[0];	/* it owns: not assignable */	\
	};										\
	static __attribute__((__unused__)) void name##_rcu_end_(struct rcu_head *h) HF_ATOMIC; \
	static __attribute__((__unused__)) void name##_rcu_end_(struct rcu_head *h)	\
	{										\
		drop_fn((T *)(void *)((char *)h - offsetof(T, head)));			\
	}										\
	HF_INLINE void name##_rcu_call_(T *p)						\
	{										\
		hf_sys_rcu_call(&p->head.h_, name##_rcu_end_);				\
	}										\
	HF_INLINE void name##_retired_own_drop(struct name##_retired_own *o)		\
	{										\
		if (o->own.ptr_) {							\
			hf_unlent_(&o->own, HF_DROP_SITES_(#name "_retired_own"));	\
			HF_MODEL_END_(name##_rcu_call_, T, o->own.ptr_);		\
			o->own.ptr_ = NULL;						\
		}									\
	}										\
	HF_INLINE void name##_rcu_init(struct name##_rcu *place, struct name##_own first) \
	{										\
		hf_sys_store_release(&place->ptr_, first.own.ptr_);			\
	}										\
	HF_INLINE struct name##_retired_own name##_rcu_replace(const struct name##_rcu *place, struct name##_own next) \
	{										\
		return (struct name##_retired_own){ .own = { .ptr_ =			\
			hf_sys_exchange((void **)(unsigned long)&place->ptr_, next.own.ptr_) } }; \
	}										\
	HF_INLINE struct name##_own name##_rcu_wait(struct name##_retired_own old) HF_SLEEPS \
	{										\
		hf_sys_rcu_synchronize((struct hf_sys_rcu *)NULL);			\
		return name##_own_adopt_((T *)old.own.ptr_);				\
	}										\
	HF_INLINE void name##_rcu_fini(struct name##_rcu *place)			\
	{										\
		struct name##_own last = name##_own_adopt_((T *)place->ptr_);		\
											\
		place->ptr_ = NULL;							\
		name##_own_drop(&last);							\
	}										\
	struct name##_rcu

/* A reader inside. */
struct hf_reading_ {
	const void *ptr;	/* NULL: it did not stay */
};

HF_INLINE struct hf_reading_ hf_reading_begin_(void *const *place)
{
	struct hf_reading_ r;

	(void)hf_sys_rcu_read_lock((struct hf_sys_rcu *)NULL);
	r.ptr = hf_sys_read_published(place);
	if (HF_UNLIKELY(!r.ptr))
		hf_sys_rcu_read_unlock((struct hf_sys_rcu *)NULL, 0);
	return r;
}

HF_INLINE void hf_reading_end_(const struct hf_reading_ *r)
{
	if (r->ptr)
		hf_sys_rcu_read_unlock((struct hf_sys_rcu *)NULL, 0);
}

/* What is published, valid as long as the reader is inside: the analysis of lifetimes is told so. */
HF_INLINE const void *hf_read_(const struct hf_reading_ *r HF_BOUND)
{
	return r->ptr;
}

/**
 * hf_rcu_read_else() - read what is published until the end of the scope, or leave.
 * @g: the new variable: a `const T *`.
 * @place: pointer to a `struct name_rcu`; to const is enough.
 *
 * The last argument is the statement that runs if the place is empty.  It must leave the scope by return, goto,
 * break or continue.  What replaces the object meanwhile does not change what @g points to.
 *
 * Context: any but NMI; the scope must not sleep.  Rust: rcu::Guard.
 */
#define hf_rcu_read_else(g, place, ...)							\
	HF_BINDS_(g)									\
	HF_NEW_BLOCK_									\
	__typeof__(&*(place)) const hf_place_##g = (place);				\
	struct hf_reading_ hf_reading_##g HF_CLEANUP(hf_reading_end_) = hf_reading_begin_(&hf_place_##g->ptr_); \
	if (HF_UNLIKELY(!hf_reading_##g.ptr)) {						\
		__VA_ARGS__;								\
		hf_statement_must_leave();						\
	}										\
	HF_CONTEXT_IS_(g, hf_spins_())							\
	const __typeof__(*hf_place_##g->type_[0]) *const g __attribute__((__unused__)) = hf_read_(&hf_reading_##g)

/**
 * hf_rcu_barrier() - wait until all that was dropped as retired has ended.
 *
 * The exit function of a module calls it, when nothing more is retired: RCU would call a drop function that is
 * unloaded.  Context: sleeps.  Rust: none.
 */
HF_INLINE void hf_rcu_barrier(void) HF_SLEEPS
{
	hf_sys_rcu_barrier();
}

#endif
