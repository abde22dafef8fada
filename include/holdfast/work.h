/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Work items that own their object while they are queued.
 *
 * The bug, in the removal of a driver:
 *
 *	schedule_work(&dev->reset);		// in an interrupt
 *	...
 *	kfree(dev);				// dev->reset is queued still, or runs now
 *
 * Here a queued item owns what it works on, and who runs it gets the owner back:
 *
 *	struct dev {
 *		struct hf_refs refs;
 *		struct hf_work reset;
 *	};
 *	HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
 *	HF_WORK_DEFINE(dev_reset, dev_arc, struct dev, reset, reset_dev);	// declares reset_dev()
 *
 *	static void reset_dev(struct dev_arc given)
 *	{
 *		hf_let_arc(dev, dev, given);					// put at the end
 *		...
 *	}
 *
 *	hf_work_queue(dev_reset, hf_system_workqueue(), hf_clone(dev));
 *
 * So no item is queued, or runs, whose object is gone: neither a drop function nor remove() has to think of it.  An
 * object of a unique owner moves into the queue.  Of an arc the queue has a reference; one that is queued already
 * gives -EEXIST, and the second reference is put.
 *
 * The callback may sleep, and may queue its object again.  One item is never run by two threads at once.
 *
 * A workqueue is an owner (own.h).  Its drop takes nothing new, runs what is queued, delayed items at once, and waits
 * for it.
 *
 * Rust: workqueue::Work, DelayedWork, WorkItem, Queue.
 */
#ifndef HOLDFAST_WORK_H
#define HOLDFAST_WORK_H

#include <holdfast/own.h>

/** A work item, a member of the object that it works on: not assignable, as the queue points to it. */
struct hf_work {
	struct work_struct work_;
	__extension__ const char stays_[0];
};

/** The same, for one that can be queued for later. */
struct hf_delayed_work {
	struct hf_sys_delayed_work work_;
	__extension__ const char stays_[0];
};

/* --- workqueues --------------------------------------------------------------------------------- */

HF_INLINE void hf_workqueue_free_(struct hf_workqueue *wq)
{
	hf_sys_workqueue_fini(wq);
	hf_sys_free(wq);
}

HF_SLEEPING_OWN_DEFINE_(hf_workqueue, struct hf_workqueue, hf_workqueue_free_);

HF_INLINE struct hf_workqueue_own_result hf_workqueue_new_(const char *text, unsigned int at_once, bool reclaim,
							   gfp_t gfp) HF_SLEEPS
{
	struct hf_workqueue *wq = hf_sys_alloc(sizeof(*wq), gfp);
	int err = wq ? 0 : HF_CALLER_ERROR_(-ENOMEM);

	if (!err)
		err = hf_sys_workqueue_init(wq, text, at_once, reclaim);
	if (err) {
		hf_sys_free(wq);
		return hf_workqueue_own_new_((void *)(long)err);
	}
	return hf_workqueue_own_new_(wq);
}

/**
 * hf_workqueue_new() - make a workqueue.
 * @text: its name, for people; copied.
 * @at_once: how many of its items may run at once; 1: one after another, in the order in which they were queued;
 *	0: what the back end thinks best.
 * @gfp: how the memory of the owner may be obtained.
 *
 * The drop, hf_workqueue_own_drop(), ends it: what is queued runs, delayed items at once, and queueing gives -ESHUTDOWN
 * from then on.  It waits, so it is not called from an item of the queue itself.
 *
 * In the kernel: not bound to a processor.  Not for what memory reclaim may wait for: see hf_workqueue_new_reclaim().
 *
 * Return: a `struct hf_workqueue_own_result`; -ENOMEM; -EAGAIN, in userspace.
 * Context: sleeps.  Rust: workqueue::OwnedQueue.
 */
HF_INLINE struct hf_workqueue_own_result hf_workqueue_new(const char *text, unsigned int at_once, gfp_t gfp) HF_SLEEPS
{
	return hf_workqueue_new_(text, at_once, false, gfp);
}

/**
 * hf_workqueue_new_reclaim() - make a workqueue for items that memory reclaim may wait for.
 * @text: as for hf_workqueue_new().
 * @at_once: as for hf_workqueue_new().
 * @gfp: as for hf_workqueue_new().
 *
 * A queue on the path of memory reclaim must be such a one.  The kernel frees memory by writing it to a disk, so an item
 * that completes, retries or aborts such I/O has to run also while there is no memory for a new thread.  In the kernel
 * the queue keeps a thread for that (WQ_MEM_RECLAIM), which runs one item after another.  Therefore no item may allocate
 * with GFP_KERNEL (GFP_NOIO serves), or wait for an item of the system's queue or of hf_workqueue_new().
 *
 * In userspace, and otherwise: as hf_workqueue_new().
 *
 * Return: a `struct hf_workqueue_own_result`; -ENOMEM; -EAGAIN, in userspace.
 * Context: sleeps.
 */
HF_INLINE struct hf_workqueue_own_result hf_workqueue_new_reclaim(const char *text, unsigned int at_once, gfp_t gfp)
	HF_SLEEPS
{
	return hf_workqueue_new_(text, at_once, true, gfp);
}

/**
 * hf_system_workqueue() - the workqueue that all share, which is never dropped.
 *
 * For items that neither run long nor wait for each other, and that memory reclaim does not wait for.
 *
 * Return: a borrow without end.
 * Context: any.  Rust: workqueue::system.
 */
HF_INLINE const struct hf_workqueue *hf_system_workqueue(void)
{
	return hf_sys_workqueue_system();
}

/* --- items -------------------------------------------------------------------------------------- */

/**
 * HF_WORK_DEFINE() - make the functions of a work item.
 * @name: names them.
 * @handle: what the queue owns, without `struct`: packet_own, node_arc.
 * @T: what @handle owns; a complete type.
 * @member: its member of type struct hf_work.
 * @fn: static void (struct handle): gets the owner back, and binds it by hf_let() or hf_let_arc().  Declared here;
 *	define it below.
 *
 * Context of @fn: a thread of the workqueue, which may sleep.  The item is not queued any more when it begins, so it may
 * queue its object again.
 */
#define HF_WORK_DEFINE(name, handle, T, member, fn)					\
	HF_WORK_DEFINE_(name, handle, T, member, fn, work, struct work_struct)	\
	HF_INLINE int name##_queue_(const struct hf_workqueue *wq, struct handle h)	\
	{										\
		T *t = h.own.ptr_;							\
											\
		HF_WORK_REQUIRE_(name, t);						\
		return name##_queued_(hf_sys_work_queue(wq, &t->member.work_), h);	\
	}										\
	enum { name##_shares_ = HF_SHARES_(handle) }

/**
 * HF_DELAYED_WORK_DEFINE() - as HF_WORK_DEFINE(), of an item that can also be queued for later.
 * @name: names the functions.
 * @handle: what the queue owns, without `struct`.
 * @T: what @handle owns; a complete type.
 * @member: its member of type struct hf_delayed_work.
 * @fn: as for HF_WORK_DEFINE().
 */
#define HF_DELAYED_WORK_DEFINE(name, handle, T, member, fn)				\
	HF_WORK_DEFINE_(name, handle, T, member, fn, delayed_work, struct hf_sys_delayed_work)	\
	HF_INLINE int name##_queue_in_(const struct hf_workqueue *wq, struct handle h, unsigned int ms) \
	{										\
		T *t = h.own.ptr_;							\
											\
		HF_WORK_REQUIRE_(name, t);						\
		return name##_queued_(hf_sys_delayed_work_queue(wq, &t->member.work_, ms), h); \
	}										\
	HF_INLINE int name##_queue_(const struct hf_workqueue *wq, struct handle h)	\
	{										\
		return name##_queue_in_(wq, h, 0);					\
	}										\
	enum { name##_shares_ = HF_SHARES_(handle) }

/* The queue has the handle; the item knows its object by its place in it. */
#define HF_WORK_DEFINE_(name, handle, T, member, fn, kind, item)				\
	_Static_assert(__builtin_types_compatible_p(T, __typeof__(*((struct handle *)0)->type_[0])), \
		       "HF_WORK_DEFINE: " #handle " is no owner of a " #T);				\
	static void fn(struct handle given);						\
	/* A function of the type that the kernel calls. */				\
	static HF_UNANALYZED __attribute__((__unused__)) void name##_enter_(struct work_struct *w) \
	{										\
		item *entered = hf_sys_##kind##_enter(w);						\
											\
		fn((struct handle){ .own = { .ptr_ = (char *)entered - offsetof(T, member.work_) } }); \
	}										\
	HF_INLINE void name##_init_(T *t)						\
	{										\
		hf_sys_##kind##_init(&t->member.work_, name##_enter_);				\
	}										\
	HF_INLINE int name##_queued_(int err, struct handle h)				\
	{										\
		if (err) {								\
			err = HF_CALLER_ERROR_(err);					\
			handle##_drop(&h);						\
		}									\
		return err;								\
	}										\
	HF_INLINE struct handle##_result name##_cancelled_(const T *t, bool was)	\
	{										\
		if (!was)								\
			return HF_FAILURE_((struct handle##_result){ .err_ = HF_CALLER_ERROR_(-ENOENT) }); \
		HF_POINTS_(t);								\
		return (struct handle##_result){ .val_ = { .own = { .ptr_ = (T *)(unsigned long)t } } }; \
	}										\
	HF_INLINE struct handle##_result name##_cancel_(const T *t)			\
	{										\
		return name##_cancelled_(t, hf_sys_##kind##_cancel(&((T *)(unsigned long)t)->member.work_)); \
	}										\
	HF_INLINE struct handle##_result name##_cancel_wait_(const T *t) HF_SLEEPS	\
	{										\
		return name##_cancelled_(t, hf_sys_##kind##_cancel_wait(&((T *)(unsigned long)t)->member.work_)); \
	}

#define HF_WORK_REQUIRE_(name, t)							\
	hf_require_at(HF_CALLER_SITE(HF_MOVED, "there is no owner to queue as " #name), t)

#define HF_WORK_CHECK_SHARED_(name, door)						\
	HF_STATIC_CHECK_(name##_shares_, door ": a queued " #name " has no other owner than the queue, so nobody may " \
			 "have a pointer to it")

/**
 * hf_work_init() - make the item of a new object usable.
 * @name: as in HF_WORK_DEFINE() or HF_DELAYED_WORK_DEFINE().
 * @p: the object, a `T *`, before anybody else sees it.
 *
 * Nothing undoes it: an object whose item is queued does not end.
 *
 * Context: any.
 */
#define hf_work_init(name, p)			name##_init_(p)

/**
 * hf_work_queue() - queue an object for a thread of a workqueue.
 * @name: as in HF_WORK_DEFINE() or HF_DELAYED_WORK_DEFINE().
 * @wq: a borrow of a workqueue: of hf_ref(), or hf_system_workqueue().
 * @h: a handle, which moves into the queue: hf_move(), hf_take(), hf_clone().  On failure it is dropped.  An empty one
 *	is a violation (moved).
 *
 * What was written before this is seen by the callback, after -EEXIST too.
 *
 * Return: 0; -EEXIST, if the object is queued already (never of a unique owner) or somebody cancels it; -ESHUTDOWN, if
 * the workqueue is being dropped.  May be ignored: the handle is taken care of.
 * Context: any.  Rust: Queue::enqueue.
 */
#define hf_work_queue(name, wq, h)		name##_queue_((wq), (h))

/**
 * hf_work_queue_in() - queue an object for later.
 * @name: as in HF_DELAYED_WORK_DEFINE().
 * @wq: as for hf_work_queue().
 * @h: as for hf_work_queue().
 * @ms: milliseconds until it is due.
 *
 * Return: as of hf_work_queue().
 * Context: any.  Rust: Queue::enqueue_delayed.
 */
#define hf_work_queue_in(name, wq, h, ms)	name##_queue_in_((wq), (h), (ms))

/**
 * hf_work_cancel() - take a queued object out of its queue.
 * @name: as in HF_WORK_DEFINE() or HF_DELAYED_WORK_DEFINE(), of an arc.
 * @p: a `const T *`: a borrow from another reference to it.
 *
 * The callback may run all the same, by an earlier queueing.
 *
 * Return: a `struct handle_result` with the reference that the queue had; -ENOENT, if it is not queued.
 * Context: any.
 */
#define hf_work_cancel(name, p)								\
	(HF_WORK_CHECK_SHARED_(name, "hf_work_cancel"), name##_cancel_(p))

/**
 * hf_work_cancel_wait() - the same, and wait until the callback does not run any more.
 * @name: as for hf_work_cancel().
 * @p: as for hf_work_cancel().
 *
 * Afterwards the object is neither queued nor worked on, unless somebody queues it again.  Meanwhile queueing gives
 * -EEXIST, also in the callback.  Not called from the callback itself.
 *
 * Return: as of hf_work_cancel().
 * Context: sleeps.
 */
#define hf_work_cancel_wait(name, p)							\
	(HF_WORK_CHECK_SHARED_(name, "hf_work_cancel_wait"), name##_cancel_wait_(p))

#endif
