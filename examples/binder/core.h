/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the driver is made of.
 *
 *	open file	owns a reference to its proc, and ends it when it is closed
 *	context		one for each device file: the node of handle 0
 *	registry	the processes of all device files of a host
 *	proc		owns its threads, its nodes, its refs and its buffers, until the file is closed
 *	node		an object of a process that others call; owned by its process and by who refers to it
 *	ref		what a process knows a node of another process by: a handle, with counts
 *	txn		a call or a reply: owned by the list in which it waits, then by the stack of the threads
 *			that call and are called
 *	buffer		its data, in the memory that the receiver has mapped: owned by the txn, then by the receiver
 *	watch		what a process wants to know of a node of another: that it died, that its process is frozen
 *	work		what a process is told when it reads: a txn, a node whose counts changed, a watch, an answer
 *
 * Locks, in the order in which they are taken; those of two processes are never held together, but for `refs` of one
 * and then `inner` of another:
 *
 *	context->manager	the node of handle 0
 *	registry->procs		all processes, and the telling of which are frozen
 *	proc->refs		handles and their counts
 *	proc->inner		threads, nodes and work; the state of nodes, threads and watches.  Spins
 *	proc->alloc		the buffers.  Spins, as mmap() takes it and pages come without it.  Not taken with others
 *
 * What is dropped may take locks: it is dropped where none is held.
 */
#ifndef EXAMPLES_BINDER_CORE_H
#define EXAMPLES_BINDER_CORE_H

#include <holdfast/dyn.h>
#include <holdfast/idmap.h>
#include <holdfast/map.h>
#include <holdfast/pages.h>
#include <holdfast/token.h>
#include <holdfast/vec.h>

#include "binder.h"
#include "binder_abi.h"

HF_ARC_TYPES(proc, struct proc);
HF_ARC_TYPES(thread, struct thread);
HF_ARC_TYPES(node, struct node);
HF_ARC_TYPES(txn, struct txn);
HF_ARC_TYPES(watch, struct watch);
HF_ARC_TYPES(context, struct context);
HF_ARC_TYPES(registry, struct registry);

/* ---- Work ---- */

struct work;
struct work_own;

struct work_ops {
	void (*drop)(struct work_own w);
	/* Tell the process.  @last: it reads no more this time.  An error ends the read. */
	int (*deliver)(struct work_own w, const struct thread *t, struct hf_uaccess_writer *to, bool *last);
	/* There is nobody left to tell.  Called without locks. */
	void (*cancel)(struct work_own w);
};

struct work {
	const struct work_ops *const ops;
	struct hf_link link;
};
HF_DYN_DEFINE(work, const struct work);
HF_LIST_DEFINE(works, work_own, struct work, link);

/* ---- Threads ---- */

enum looper { LOOPER_REGISTERED = 0x01, LOOPER_ENTERED = 0x02, LOOPER_EXITED = 0x04, LOOPER_INVALID = 0x08, LOOPER_POLL = 0x20 };

struct extended_error {
	u32 id;
	u32 command;
	s32 param;
};

struct thread_state {
	struct works todo;
	struct txn_arc stack;		/* the innermost transaction that is not answered */
	u32 looper;
	bool has_work;			/* there is work in `todo` for which a sleep ends */
	bool return_now;		/* the next read does not wait */
	bool dead;
	u32 return_error;		/* BR_OK: none waits to be read */
	u32 reply_error;
	struct extended_error error;
};

struct proc_inner;
struct locked_inner;
HF_LOCKED_BY_DEFINE(thread_locked, locked_inner, struct thread_state);
HF_CONDVAR_DEFINE(locked_inner);

/* An error that a thread reads, in its turn. */
struct failure {
	struct hf_refs refs;
	struct work work;
	bool of_reply;			/* or of what the thread itself wrote */
};
void failure_destroy(struct failure *f);
void failure_release(struct failure *f);
HF_ARC_DEFINE(failure, struct failure, refs, failure_destroy, failure_release);
HF_IMPL_DEFINE(failure_work, work, failure_arc, struct failure, work);

struct thread {
	struct hf_refs refs;
	const u32 tid;
	struct proc_arc proc;
	struct hf_map_link by_tid;
	struct hf_link waiting;
	struct failure_arc return_failure;
	struct failure_arc reply_failure;
	struct locked_inner_condvar wake;
	struct thread_locked state;
};
HF_MAP_DEFINE(threads, thread_arc, struct thread, by_tid, tid, hf_compare);
HF_LIST_DEFINE(waiters, thread_arc, struct thread, waiting);

/* ---- Watches: what a process wants to know of a node of another ---- */

enum watch_kind { WATCH_DEATH, WATCH_FREEZE };

struct watch_state {
	bool cleared;		/* the process does not want to know any more, and is told when that is settled */
	bool gone;		/* the reference is, so the process is told nothing */
	bool fired;		/* of a death: it happened, and the process has not yet answered that it knows */
	bool frozen;		/* of a freeze: what the process is told next, or was told last, ... */
	bool again;		/* ... and, when it has answered, is told again */
};
HF_LOCKED_BY_DEFINE(watch_locked, locked_inner, struct watch_state);

struct watch {
	struct hf_refs refs;
	struct work work;
	struct hf_link watching;
	struct proc_arc watcher;
	u64 cookie;
	struct watch_locked state;
};
HF_LIST_DEFINE(watchers, watch_arc, struct watch, watching);

/* ---- Nodes ---- */

enum node_count { NODE_REFS, NODE_REFS_STRONG, NODE_LOCAL_WEAK, NODE_LOCAL_STRONG, NODE_COUNTS };

struct node_state {
	u32 count[NODE_COUNTS];
	bool told_strong, told_weak;		/* the process knows that there are references ... */
	bool pending_strong, pending_weak;	/* ... and has not answered yet that it does */
	bool manager;				/* the context's: its process needs not be told of references */
	bool dead;				/* its process is */
	bool oneway_busy;			/* the buffer of a one-way transaction is in use; the next ones wait: */
	struct works oneway;
	struct watchers deaths, freezes;
};
HF_LOCKED_BY_DEFINE(node_locked, locked_inner, struct node_state);

struct node {
	struct hf_refs refs;
	struct work work;
	struct hf_map_link by_ptr;
	const u64 ptr;			/* the object's address in its process */
	u64 cookie;
	bool accepts_fds;
	struct proc_arc owner;
	struct node_locked state;
};
HF_MAP_DEFINE(node_map, node_arc, struct node, by_ptr, ptr, hf_compare);

/* A count of the driver's own: `weak` while a node is looked at, `strong` while it is called. */
void weak_get(struct node *n);
void weak_put(struct node *n);
HF_REF_DEFINE(weak, struct node, weak_get, weak_put);
void strong_get(struct node *n);
void strong_put(struct node *n);
HF_REF_DEFINE(strong, struct node, strong_get, strong_put);

struct ref_state {
	u32 strong, weak;
	struct watch_arc death, freeze;
};
struct locked_refs;
HF_LOCKED_BY_DEFINE(ref_locked, locked_refs, struct ref_state);

struct ref {
	struct hf_refs refs;
	u32 handle;
	const struct node *const to;	/* the key; `node` keeps it */
	struct hf_map_link by_node;
	struct node_arc node;
	struct ref_locked state;
};
void ref_destroy(struct ref *r);
void ref_release(struct ref *r);
HF_ARC_DEFINE(ref, struct ref, refs, ref_destroy, ref_release);
HF_MAP_DEFINE(ref_map, ref_arc, struct ref, by_node, to, hf_compare);
HF_IDMAP_DEFINE(handles, ref_arc);

struct proc_refs {
	struct ref_arc zero;		/* of handle 0, which is the manager's only */
	struct handles by_handle;
	struct ref_map by_node;
	bool dead;
};
HF_LOCKED_DEFINE(locked_refs, mutex, struct proc_refs);

/* ---- Buffers ---- */

HF_TOKEN_DEFINE(descriptor, u32);

/* An object in a buffer, which its receiver holds until it frees the buffer. */
struct item {
	struct hf_link link;
	u64 at;				/* where its number is, in the buffer */
	struct strong_arc strong;	/* a node of the receiver */
	struct weak_arc weak;
	struct proc_arc holder;		/* of a handle */
	u32 handle;
	bool handle_is_strong;
	struct host_file_arc file;	/* until the receiver has it, by a descriptor of its own */
	struct descriptor_token reserved;
	bool closes;			/* the descriptor is one of an array, and ends with the buffer: */
	struct descriptor_token lent;
};
void item_free(struct item *i);
HF_OWN_DEFINE(item, struct item, item_free);
HF_LIST_DEFINE(items, item_own, struct item, link);

/* The data of a transaction.  Its owner may free it; a process does so by what it was told, through `delivered`. */
struct buffer {
	u64 offset;			/* in the mapping */
	u64 data_size, offsets_size;
	bool oneway;
	bool clear;			/* its bytes, when it is freed */
	bool spam;			/* the sender has sent too many */
	struct proc_arc to;
	u64 address;			/* where the receiver sees it */
	struct hf_pages_own pages;
	struct strong_arc target;	/* the node that is called; none of a reply */
	struct items items;
};
void buffer_free(struct buffer *b);
HF_OWN_DEFINE(buffer, struct buffer, buffer_free);

struct span_size {
	u64 size, offset;
};
static inline int span_compare(const struct span_size *a, const struct span_size *b)
{
	const int order = hf_compare(&a->size, &b->size);

	return order ? order : hf_compare(&a->offset, &b->offset);
}

/* A part of a mapping: free (in `holes`), or of one buffer (in `used`). */
struct span {
	const struct span_size size;
	const u64 offset;
	struct hf_map_link hole;
	struct hf_map_link used;
	bool oneway;
	u32 sender_pid;
	struct buffer_own delivered;	/* what the process may free */
};
void span_free(struct span *r);
HF_OWN_DEFINE(span, struct span, span_free);
HF_MAP_DEFINE(holes, span_own, struct span, hole, size, span_compare);
HF_MAP_DEFINE(used, span_own, struct span, used, offset, hf_compare);

struct alloc {
	struct hf_area_arc mapping;	/* none until the process has called mmap() */
	struct holes holes;
	struct used used;
	u64 oneway_left;
	bool spam_seen;
	bool dead;
};
HF_LOCKED_DEFINE(locked_alloc, spinlock, struct alloc);

/* ---- Transactions ---- */

struct txn_state {
	struct buffer_own buffer;	/* until it is delivered */
};
HF_LOCKED_BY_DEFINE(txn_locked, locked_inner, struct txn_state);

struct txn {
	struct hf_refs refs;
	struct work work;
	u32 code;
	u32 flags;
	u32 sender_pid;
	u32 sender_euid;
	bool spam;			/* the sender has sent too many of them */
	struct proc_arc to;
	struct thread_arc from;		/* who waits for the answer; none of one-way transactions and replies */
	struct txn_arc parent;		/* what `from` was answering when it called */
	struct txn_locked state;
};

/* ---- Processes ---- */

struct proc_inner {
	struct threads threads;
	struct waiters waiting;		/* threads that wait for work of the process */
	struct node_map nodes;
	struct works todo;
	struct works delivered;		/* what watches told, and the process has not answered */
	u32 max_threads, requested_threads, started_threads;
	u32 last_id;
	u32 outstanding;		/* transactions that wait to be read, and calls that it has not answered */
	bool frozen;			/* it is not called ... */
	bool called, told;		/* ... but somebody wanted to, or called it one way */
	bool detects_spam;
	bool dead;
};
HF_LOCKED_DEFINE(locked_inner, spinlock, struct proc_inner);

struct proc {
	struct hf_refs refs;
	u32 pid;
	struct context_arc context;
	struct hf_link opened;
	struct locked_refs refs_to;
	struct locked_inner inner;
	struct locked_inner_condvar polled;	/* by all threads: theirs may end while a poll() waits */
	struct locked_inner_condvar drained;	/* nothing is outstanding any more, for who freezes it */
	struct locked_alloc alloc;
};
void proc_destroy(struct proc *p);
void proc_release(struct proc *p);
HF_ARC_FUNCTIONS(proc, struct proc, refs, proc_destroy, proc_release);
HF_LIST_DEFINE(procs, proc_arc, struct proc, opened);
HF_LOCKED_DEFINE(locked_procs, mutex, struct procs);

struct manager {
	struct node_arc node;
	bool has_uid;
	u32 uid;			/* the first manager's: who may be the next one */
};
HF_LOCKED_DEFINE(locked_manager, mutex, struct manager);

struct registry {
	struct hf_refs refs;
	struct locked_procs procs;	/* a process is as often in it as it has opened a device file; the last first */
};
void registry_destroy(struct registry *r);
void registry_release(struct registry *r);
HF_ARC_FUNCTIONS(registry, struct registry, refs, registry_destroy, registry_release);

struct context {
	struct hf_refs refs;
	struct registry_arc registry;
	struct locked_manager manager;
};
void context_destroy(struct context *c);
void context_release(struct context *c);
HF_ARC_FUNCTIONS(context, struct context, refs, context_destroy, context_release);

void thread_destroy(struct thread *t);
void thread_release(struct thread *t);
HF_ARC_FUNCTIONS(thread, struct thread, refs, thread_destroy, thread_release);

void watch_destroy(struct watch *w);
void watch_release(struct watch *w);
HF_ARC_FUNCTIONS(watch, struct watch, refs, watch_destroy, watch_release);
HF_IMPL_DEFINE(death_work, work, watch_arc, struct watch, work);
HF_IMPL_DEFINE(freeze_work, work, watch_arc, struct watch, work);

void node_destroy(struct node *n);
void node_release(struct node *n);
HF_ARC_FUNCTIONS(node, struct node, refs, node_destroy, node_release);
HF_IMPL_DEFINE(node_work, work, node_arc, struct node, work);

void txn_destroy(struct txn *t);
void txn_release(struct txn *t);
HF_ARC_FUNCTIONS(txn, struct txn, refs, txn_destroy, txn_release);
HF_IMPL_DEFINE(txn_work, work, txn_arc, struct txn, work);

/* That what a thread wrote was done. */
struct done {
	struct hf_refs refs;
	struct work work;
	u32 command;
};
void done_destroy(struct done *d);
void done_release(struct done *d);
HF_ARC_DEFINE(done, struct done, refs, done_destroy, done_release);
HF_IMPL_DEFINE(done_work, work, done_arc, struct done, work);

/* ---- file.c ---- */

/* context_new() - the context of a device file.  @beside: another of the same host; NULL: it is the first. */
struct context_arc_result context_new(const struct context *beside);
/* proc_new() - a process that calls this: its threads, nodes, refs and buffers come later. */
struct proc_arc_result proc_new(const struct context *c);

/* ---- thread.c: who does which work ---- */

/*
 * thread_push() - give work to a thread.  @wakes: it does not wait until there is something else to read.
 *
 * -ESRCH: it has ended, and the work was cancelled.
 */
int thread_push(const struct thread *t, struct work_own w, bool wakes);

/* The same under the lock, of a process and thread that are alive. */
void thread_push_locked(const struct proc *p, const struct thread *t, struct work_own w, bool wakes) HF_REQUIRES(&p->inner);
void proc_push_locked(const struct proc *p, struct work_own w) HF_REQUIRES(&p->inner);
void thread_wake(const struct proc *p, const struct thread *t) HF_REQUIRES(&p->inner);
/* Take a work out of the list of the process that it waits in. */
struct work_own_result proc_unqueue(const struct proc *p, const struct work *w) HF_REQUIRES(&p->inner);
/* The cancel of work that nobody waits for. */
void work_forget(struct work_own w);
/* Drops the work of a list for which there is nobody left. */
void works_cancel(struct works *list);
void thread_fail(const struct thread *t, u32 command);
/* A new number for what a thread sends; the last error is forgotten. */
u32 thread_next_id(const struct thread *t);
bool thread_is_alive(const struct thread *t);
void thread_set_error(const struct thread *t, u32 id, u32 command, s32 param);

struct thread_arc_result proc_thread(const struct proc *p);
void thread_exit(const struct thread *t);
/* @consumed: how much of it is done, also on an error. */
int thread_write(const struct thread *t, struct hf_untrusted_u64 buffer, u64 size, u64 *consumed) HF_SLEEPS;
int thread_read(const struct thread *t, struct hf_untrusted_u64 buffer, u64 size, u64 *consumed, bool nonblocking) HF_SLEEPS;
__poll_t thread_poll(const struct thread *t, struct hf_poll *poll);
/* At the end of each system call. */
void thread_called(const struct thread *t);
struct binder_extended_error thread_take_error(const struct thread *t);
struct node_arc_result proc_manager(const struct proc *p);

/* ---- node.c ---- */

/*
 * proc_node() - the node of an object of @p's, a new one if there is none: -ENOMEM; -EINVAL if its cookie is another.
 *
 * @manager: it becomes the context's, whatever its cookie is.
 */
struct weak_arc_result proc_node(const struct proc *p, u64 ptr, u64 cookie, u32 flags, bool manager);
/* Counts.  @teller: the thread that tells the node's process of it, as it makes the reference; or NULL. */
int node_inc(const struct node *n, enum node_count which, const struct thread *teller);
void node_dec(const struct node *n, enum node_count which);
/* The buffer of a one-way call is free: the next one may be delivered. */
void node_next_oneway(const struct node *n);
void node_answered(const struct proc *p, u64 ptr, u64 cookie, bool strong);
/* proc_handle_of() - count a reference of @p to a node: the handle. */
struct u32_result proc_handle_of(const struct proc *p, const struct node *n, bool strong, const struct thread *teller);
int proc_handle_inc(const struct proc *p, u32 handle, bool strong);
int proc_handle_dec(const struct proc *p, u32 handle, bool strong);
/* proc_find() - the node of a handle: -EINVAL if there is none, or @strong and no strong reference. */
struct weak_arc_result proc_find(const struct proc *p, u32 handle, bool strong);
/* proc_target() - the same, to call it. */
struct strong_arc_result proc_target(const struct proc *p, u32 handle);
/* proc_count() - the counts of the node of a handle: -EINVAL as proc_find(). */
int proc_count(const struct proc *p, u32 handle, u32 *strong, u32 *weak);
/* proc_next_node() - the node with the first address behind @ptr; zeros if there is none. */
struct binder_node_debug_info proc_next_node(const struct proc *p, u64 ptr);
/*
 * proc_watch() - keep a watch with a handle: -EINVAL; -EEXIST: it has one; -ESRCH: it is kept, the node is dead.
 *
 * @frozen: whether the node's process is.
 */
int proc_watch(const struct proc *p, u32 handle, enum watch_kind kind, const struct watch *w, bool *frozen);
/* -EINVAL: the handle has no such watch. */
struct watch_arc_result proc_unwatch(const struct proc *p, u32 handle, enum watch_kind kind, u64 cookie);
/* What a process whose file is closed still has. */
void proc_end_nodes(const struct proc *p);
void proc_end_refs(const struct proc *p);

/* ---- watch.c ---- */

struct watch_arc_result watch_new(const struct proc *watcher, enum watch_kind kind, u64 cookie);
/* The reference that it was requested by is gone. */
void watch_forget(struct watch_arc given);

/* ---- death.c ---- */

void death_request(const struct proc *p, const struct thread *t, u32 handle, u64 cookie);
void death_clear(const struct proc *p, const struct thread *t, u32 handle, u64 cookie);
void death_acknowledge(const struct proc *p, const struct thread *t, u64 cookie);
/* The node has died. */
void death_fire(struct watch_arc given);

/* ---- freeze.c ---- */

/* proc_freeze() - all that @pid has open of @p's host, or thaw it: -EINVAL; -EAGAIN: it has outstanding transactions; -EINTR. */
int proc_freeze(const struct proc *p, const struct binder_freeze_info *info) HF_SLEEPS;
/* -EINVAL: no process has this pid. */
int proc_frozen(const struct proc *p, struct binder_frozen_status_info *info);
/* Errors are those of the ioctl, as the kernel's own driver has it: -EINVAL, -ENOMEM. */
int freeze_request(const struct proc *p, u32 handle, u64 cookie);
int freeze_clear(const struct proc *p, u32 handle, u64 cookie);
int freeze_acknowledge(const struct proc *p, u64 cookie);

/* ---- buffer.c ---- */

/* buffer_new() - memory of @p's for a transaction: -ESRCH if it has none, or has unmapped it; -ENOSPC; -EINVAL; -ENOMEM. */
struct buffer_own_result buffer_new(const struct proc *p, u64 data, u64 offsets, u64 extra, bool oneway) HF_SLEEPS;
/* The process was told of it, and may free it. */
void buffer_deliver(const struct proc *p, struct buffer_own given);
/* A buffer that the process has done with, before it is dropped. */
void buffer_done(const struct buffer *b);
/* The same, of the calling process: close what ends with the buffer.  Whether there was something to close. */
bool buffer_close_files(struct buffer *b);
/* -ENOENT: there is none that it may free. */
struct buffer_own_result proc_take_buffer(const struct proc *p, u64 address);
int alloc_map(const struct proc *p, struct hf_vma *vma) HF_SLEEPS;
void proc_end_buffers(const struct proc *p);

/* @bytes of a size that was allocated, rounded up as in a buffer. */
static inline u64 buffer_aligned(u64 bytes)
{
	return (bytes + 7) & ~(u64)7;
}

/* ---- transaction.c ---- */

/* Call, or answer the innermost call.  What goes wrong the thread reads. */
void thread_send(const struct thread *t, const struct binder_txn_data *d, struct hf_untrusted_u64 extra, bool reply);
bool txn_is_from(const struct txn *t, const struct thread *thread);
/* How many calls a thread has not answered, of which the innermost transaction is @top. */
u32 txn_unanswered(const struct txn *top, const struct thread *thread);
/* So many transactions of a process are outstanding no more. */
void txns_settle(const struct proc *p, u32 count) HF_REQUIRES(&p->inner);
/* The transaction is not answered: its caller, or who waits for that one, is told @command. */
void txn_fail(struct txn_arc given, u32 command);

#endif
