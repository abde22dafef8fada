/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file
 * Threads that own their data, and end before it does.
 *
 * The bug, in the removal of a driver:
 *
 *	kfree(dev->queue);			// the thread is still in its loop
 *	kthread_stop(dev->task);
 *
 * Here a thread owns the data that it works on:
 *
 *	HF_THREAD_DEFINE(dev_worker, dev_arc, dev_work);	// declares dev_work()
 *
 *	static int dev_work(const struct dev *dev)
 *	{
 *		hf_lock(q, &dev->queue);
 *		while (!hf_thread_should_stop()) {
 *			...
 *			hf_wait(&dev->changed, q);
 *		}
 *		return 0;
 *	}
 *
 *	hf_let(dev_worker, w, hf_try(hf_thread_spawn(dev_worker, "dev", hf_clone(dev), GFP_KERNEL)));
 *
 * The thread is an owner (own.h).  Its drop asks the thread to stop, wakes it, waits until its function has
 * returned, and then drops the data.
 *
 * When a thread is asked to stop, the wait of a condition variable (wait.h) that it is in, or begins next, ends for no
 * reason, as any wait may.  A loop that asks hf_thread_should_stop() before each wait therefore misses no request.
 * Once the thread has noticed, by either, waits are as before: it may finish what is under way.  Only interruptible
 * ones give -EINTR from then on.
 *
 * The object that owns the thread must not be the one whose reference the thread holds: neither would ever be
 * dropped.  Keep the thread beside it, or take it out of the object (hf_take()) when the device goes.
 *
 * Rust: std::thread::spawn(), JoinHandle, with an end that the kernel's crate leaves to kthread_stop().
 */
#ifndef HOLDFAST_THREAD_H
#define HOLDFAST_THREAD_H

#include <holdfast/own.h>

/**
 * HF_THREAD_DEFINE() - make `struct name`, a thread and its data, and its owner.
 * @name: names the types and functions.
 * @handle: what the thread owns, without `struct`: packet_own, node_arc.
 * @fn: static int (T *) for a unique owner of a T, static int (const T *) for an arc.  Declared here; define it
 *	below.  The value is what hf_thread_join() gives.
 *
 * Also makes what HF_OWN_DEFINE(name, struct name, ...) makes.  The drop asks the thread to stop and waits for it.
 * It sleeps.  A thread that has not begun by then never calls @fn.
 *
 * Context of @fn: a thread of its own, which may sleep.  With HF_NOESCAPE on the parameter of its definition Clang
 * >= 23 checks that it does not keep the borrow.
 */
#define HF_THREAD_DEFINE(name, handle, fn)						\
	static int fn(__typeof__(*((struct handle *)0)->type_[0]) *data);		\
	struct name {									\
		struct handle data_;							\
		struct hf_sys_thread thread_;						\
	};										\
	HF_INLINE void name##_end_(struct name *t)					\
	{										\
		handle##_drop(&t->data_);						\
		hf_sys_free(t);								\
	}										\
	HF_INLINE void name##_free_(struct name *t)					\
	{										\
		(void)hf_sys_thread_stop(&t->thread_);					\
		name##_end_(t);								\
	}										\
	HF_SLEEPING_OWN_DEFINE_(name, struct name, name##_free_);			\
	static HF_UNANALYZED __attribute__((__unused__)) int name##_enter_(void *t)	\
	{										\
		return fn(((struct name *)t)->data_.own.ptr_);				\
	}										\
	HF_INLINE struct name##_own_result name##_spawn_(const char *text, struct handle data, gfp_t gfp) HF_SLEEPS \
	{										\
		struct name *t = hf_sys_alloc(sizeof(*t), gfp);				\
		int err = t ? 0 : HF_CALLER_ERROR_(-ENOMEM);				\
											\
		if (!err) {								\
			t->data_.own.ptr_ = data.own.ptr_;				\
			err = hf_sys_thread_start(&t->thread_, text, name##_enter_, t);	\
		}									\
		if (err) {								\
			handle##_drop(&data);						\
			hf_sys_free(t);							\
			return name##_own_new_((void *)(long)err);			\
		}									\
		return name##_own_new_(t);						\
	}										\
	HF_INLINE int name##_join_(struct name##_own o) HF_SLEEPS			\
	{										\
		struct name *t = o.own.ptr_;						\
		int value;								\
											\
		hf_require_at(HF_CALLER_SITE(HF_MOVED, "there is no " #name " to join"), t); \
		value = hf_sys_thread_join(&t->thread_);				\
		name##_end_(t);								\
		return value;								\
	}										\
	struct name

/**
 * hf_thread_spawn() - begin a thread.
 * @name: as in HF_THREAD_DEFINE().
 * @text: the name of the thread, for people; copied, and cut off after 15 bytes.
 * @data: a handle, which moves into the thread.  On failure it is dropped.
 * @gfp: how the memory of the thread's owner may be obtained.
 *
 * Return: a `struct name_own_result`; -ENOMEM; -EINTR, by a fatal signal; -EAGAIN, in userspace.
 * Context: sleeps.  Rust: std::thread::Builder::spawn.
 */
#define hf_thread_spawn(name, text, data, gfp)	name##_spawn_((text), (data), (gfp))

/**
 * hf_thread_join() - wait until a thread has ended by itself.
 * @name: as in HF_THREAD_DEFINE().
 * @thread: its owner: hf_move(t).  An empty one is a violation (moved).
 *
 * Unlike a drop it does not ask the thread to stop.  The data is dropped.
 *
 * Return: what the thread's function returned.
 * Context: sleeps.  Rust: JoinHandle::join.
 */
#define hf_thread_join(name, thread)	name##_join_(thread)

/**
 * hf_thread_should_stop() - whether this thread is asked to stop.
 *
 * A thread that is dropped before it began is not begun at all.
 *
 * Return: false in any other thread, too.
 * Context: any.
 */
HF_INLINE bool hf_thread_should_stop(void)
{
	return hf_sys_thread_should_stop();
}

#endif
