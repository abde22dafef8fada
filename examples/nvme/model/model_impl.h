/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Internals of the controller model.
 *
 * Register accesses run on the driver's threads. They touch only atomics, or take the lock.
 * Everything else belongs to the service thread and needs no lock.
 */
#ifndef EXAMPLES_NVME_MODEL_IMPL_H
#define EXAMPLES_NVME_MODEL_IMPL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "../nvme_spec.h"
#include "model.h"

/* Wire integers that the host wrote. They are checked where they are used. */
static inline u16 model_le16(struct hf_le16 v)
{
	/* SAFETY: the model takes any value. */
	return le16toh(v.raw_);
}

static inline u32 model_le32(struct hf_le32 v)
{
	/* SAFETY: the model takes any value. */
	return le32toh(v.raw_);
}

static inline u64 model_le64(struct hf_le64 v)
{
	/* SAFETY: the model takes any value. */
	return le64toh(v.raw_);
}

#define MODEL_CIDS		65536u
#define MODEL_HISTORY		64u	/* completed identifiers that a queue remembers */
#define MODEL_PENDING		4096u	/* commands that can be held */
#define MODEL_INJECTIONS		16u
#define MODEL_ASYNC_EVENTS	4u
#define MODEL_EVENTS		8u
#define MODEL_BURST		16u	/* commands of a queue before the next queue's turn */

/* The distance from a to b in a ring. */
static inline u32 ring_distance(u32 a, u32 b, u32 size)
{
	return b >= a ? b - a : size - (a - b);
}

static inline u32 ring_next(u32 index, u32 size)
{
	return index + 1 == size ? 0 : index + 1;
}

/* A set of command identifiers. */
struct model_cids {
	u64 bits[MODEL_CIDS / 64];
};

static inline bool cids_has(const struct model_cids *set, u16 cid)
{
	return set->bits[cid / 64] >> (cid % 64) & 1;
}

static inline void cids_add(struct model_cids *set, u16 cid)
{
	set->bits[cid / 64] |= 1ull << (cid % 64);
}

static inline void cids_remove(struct model_cids *set, u16 cid)
{
	set->bits[cid / 64] &= ~(1ull << (cid % 64));
}

struct model_sq {
	/* Shared with the driver's threads, which check doorbell writes. */
	_Atomic u32 size;		/* 0: the queue does not exist */
	_Atomic u32 tail;		/* the doorbell */
	_Atomic u32 reported;		/* the head in the last completion entry */

	u16 qid;
	u16 cqid;
	u32 head;
	u64 base;
	u64 fetched;			/* commands so far, across resets: selects random faults */

	struct model_cids outstanding;
	struct model_cids parked;	/* outstanding, not to complete: lost, or event requests */
	struct model_cids stuck;	/* parked, and an Abort fails */
	struct model_cids seen;		/* used since the queue was created */
	u16 history[MODEL_HISTORY];	/* completed, a ring */
	u64 completed;
};

struct model_cq {
	_Atomic u32 size;
	_Atomic u32 head;		/* the doorbell */
	_Atomic u32 tail;

	u64 base;
	u32 phase;
	u64 lap;
	u16 vector;
	bool irq_enabled;
	bool irq_due;
	u32 users;			/* submission queues that complete here */
};

/*
 * A command's random numbers: splitmix64, seeded by the seed, the queue and the command's number.
 */
struct model_rng {
	u64 state;
};

u64 model_random(struct model_rng *rng);

#define MODEL_NO_FAULT	NVME_MODEL_FAULT_COUNT

struct model_cmd {
	struct nvme_sqe sqe;
	struct model_sq *sq;
	u16 cid;
	u32 slot;			/* the index of its entry in the ring */
	u64 due;			/* out of order: when sq->fetched reaches this */
	enum nvme_model_fault fault;
	u32 variant;
	const struct nvme_model_namespace *ns;	/* of an I/O command, but for a Flush of all */
	struct model_rng rng;
	/* Set by the execution. */
	u32 result;
	bool has_result;
	bool parked;			/* not to be completed now */
};

struct model_counters {
	_Atomic u64 admin_commands, io_commands, completions, failures;
	_Atomic u64 blocks_read, blocks_written, blocks_zeroed;
	_Atomic u64 flushes, medium_errors, interrupts, resets, sleeps;
	_Atomic u64 driver_errors;
	_Atomic u64 faults[NVME_MODEL_FAULT_COUNT];
};

/* Only the service thread writes these counters, so that no atomic addition is needed. */
static inline void model_count(_Atomic u64 *counter, u64 n)
{
	u64 v = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, v + n, memory_order_relaxed);
}

struct nvme_model {
	struct nvme_model_config config;
	struct hf_user_iommu *iommu;
	u64 size;			/* of the medium, in bytes */
	size_t max_transfer;		/* MDTS in bytes, or 65,536 blocks */
	u64 cap;

	/* Registers, and requests to the service thread. */
	_Atomic u32 cc, csts, int_mask, aqa;
	_Atomic u64 asq, acq;
	_Atomic u32 failing;		/* I/O commands yet */
	_Atomic u16 failing_status;
	_Atomic bool reset_request, fatal_request, hold, quit;

	/* Waking the service thread: see model_kick(). */
	_Atomic bool kicked, asleep;
	struct hf_sys_waitq wake;
	pthread_t thread;
	pthread_mutex_t lock;

	/* nvme_model_sync(): calls so far, those before the current pass, and those answered. */
	_Atomic u64 sync_asked;
	u64 sync_seen;			/* the service thread's own */
	u64 sync_done;			/* under the lock */
	pthread_cond_t synced;

	/* Under the lock. */
	u64 enabled_ms;			/* when CC.EN was set */
	u64 shutdown_ms;		/* when CC.SHN was */
	struct nvme_model_injection injections[MODEL_INJECTIONS];
	_Atomic u32 injection_count;	/* also read without the lock */
	struct nvme_model_namespace *new_namespaces;	/* for the service thread */
	size_t new_namespace_count;
	_Atomic bool namespaces_request;
	u32 events[MODEL_EVENTS];	/* that wait; dword 0 of the completion */
	_Atomic u32 event_count;
	_Atomic u8 warning;
	u8 new_mdts;
	u16 new_queues;
	bool new_sgls;
	char errors[NVME_MODEL_ERRORS][NVME_MODEL_ERROR_LEN];
	u64 error_count;

	/* Private to the service thread. */
	bool enabled;
	struct nvme_model_namespace *namespaces;
	size_t namespace_count;
	u8 mdts;
	u16 queues;
	bool sgls;
	u32 page_shift;
	u32 granted;			/* I/O queue pairs */
	u32 io_queues;			/* existing ones, of both kinds */
	bool write_cache;
	u32 async_config;
	u32 async_events;		/* requests for events */
	u16 async_cid[MODEL_ASYNC_EVENTS];
	u32 told_types;			/* whose log page was not read since; bits */
	u8 *bounce;			/* one transfer */
	struct model_cmd *pending;
	_Atomic size_t pending_count;

	struct model_counters count;
	struct model_sq *sqs;		/* queues + 1, by identifier */
	struct model_cq *cqs;
};

static inline u32 model_csts(struct nvme_model *m)
{
	return atomic_load_explicit(&m->csts, memory_order_acquire);
}

/* ---- model.c ---- */

/* Count and describe a driver error. Any thread. */
void model_driver_error(struct nvme_model *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same for a command; returns the status, with Do Not Retry. */
u16 model_reject(struct nvme_model *m, const struct model_cmd *cmd, u16 status, const char *why);
/* Wake the service thread, if it sleeps. Any thread. */
void model_kick(struct nvme_model *m);
/* Wait on the service thread for some milliseconds, or until a reset is requested. */
void model_pause(struct nvme_model *m, u32 ms);
/* Set CSTS.CFS (NVMe 1.4, 9.5). */
void model_set_fatal(struct nvme_model *m);

/* NULL if there is no such namespace. */
const struct nvme_model_namespace *model_namespace(const struct nvme_model *m, u32 nsid);
u32 model_block_shift(const struct nvme_model_namespace *ns);

struct model_cq *model_cq_of(struct nvme_model *m, const struct model_sq *sq);
bool model_sq_exists(const struct model_sq *sq);
bool model_cq_exists(const struct model_cq *cq);
bool model_cq_room(const struct model_cq *cq, u32 entries);
void model_raise(struct nvme_model *m, struct model_cq *cq);

/* An entry in host byte order. model_cq_write() adds the phase tag. */
struct model_entry {
	u32 dw[4];
};

struct model_entry model_entry(const struct model_sq *sq, u16 cid, u16 status, u32 result);
/* Allocate the entry at the tail of the completion queue of sq: its index and phase tag. */
u32 model_cq_advance(struct nvme_model *m, struct model_sq *sq, u32 *phase);
/* Write the dwords of an entry that are in the mask; dword 3 is the last. */
void model_cq_write(struct nvme_model *m, struct model_cq *cq, u32 index,
		    const struct model_entry *e, u32 phase, unsigned int dwords);
/* Both of these, for a whole entry. */
void model_post(struct nvme_model *m, struct model_sq *sq, const struct model_entry *e);
/* The command is not outstanding any more. */
void model_release_cid(struct model_sq *sq, u16 cid);

int model_sq_create(struct nvme_model *m, u16 qid, u16 cqid, u64 base, u32 size);
int model_cq_create(struct nvme_model *m, u16 qid, u64 base, u32 size, u16 vector, bool irq);
void model_sq_delete(struct nvme_model *m, struct model_sq *sq);

/* ---- admin.c ---- */

/* Complete requests for events, if there are events. */
bool model_tell_events(struct nvme_model *m);

u16 model_admin(struct nvme_model *m, struct model_cmd *cmd);

/* ---- io.c ---- */

int model_medium_open(struct nvme_model *m);
bool model_medium_flush(struct nvme_model *m);
u16 model_io(struct nvme_model *m, struct model_cmd *cmd);
/* Copy len bytes between buf and the memory of the command's PRPs or SGL. */
u16 model_transfer(struct nvme_model *m, const struct model_cmd *cmd, void *buf, size_t len,
		   bool to_host);

/*
 * Which bits of cdw10 to cdw15 a command uses, and whether it has a data pointer or a namespace.
 * All else is reserved (NVMe 1.4, 4.2).
 */
struct model_format {
	u8 opcode;
	bool data;
	bool nsid;
	u32 cdw[6];
};

u16 model_check_format(struct nvme_model *m, const struct model_cmd *cmd,
		       const struct model_format *formats, size_t count);

/* ---- fault.c ---- */

/* Choose the fault, if any, of a command that was just fetched. */
void model_choose_fault(struct nvme_model *m, struct model_cmd *cmd);
/* Inject a fault that comes before the execution. */
void model_inject_before(struct nvme_model *m, struct model_cmd *cmd);
/* Complete the command, and inject a fault that comes after the execution. */
void model_complete(struct nvme_model *m, struct model_cmd *cmd, u16 status);
void model_inject_identify(struct nvme_model *m, struct model_cmd *cmd, void *page, bool controller);

#endif /* EXAMPLES_NVME_MODEL_IMPL_H */
