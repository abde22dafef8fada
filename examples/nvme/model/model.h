/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A software model of an NVMe controller for userspace: NVM Express Base Specification 1.4, backed
 * by a disk image, with fault injection.
 *
 * The model has a thread of its own, the service thread. The driver accesses registers through
 * nvme_model_io_ops, shares queue and data memory through a struct hf_user_iommu, and gets
 * interrupts by a callback. The model checks the driver, too: it counts what the specification
 * forbids a host to do in driver_errors, and describes it in words.
 *
 * Memory ordering. The model stores a completion queue entry dword by dword, atomically, and last,
 * with release, the dword with the phase tag. The driver loads that dword with acquire, then the
 * others. A doorbell write is a release of the submission entries, PRP lists and data before it.
 * From the doorbell to the completion entry a command's memory belongs to the model.
 *
 * After a reset (CC.EN from 1 to 0), once CSTS.RDY reads 0, the model accesses no memory of the
 * driver and has forgotten all commands.
 *
 * Time. The model uses the clock of the process (hf_sys_now_ms()). A test that stops that clock
 * (hf_user_clock_stop()) depends on the order of events only: see nvme_model_sync().
 */
#ifndef EXAMPLES_NVME_MODEL_H
#define EXAMPLES_NVME_MODEL_H

#include <holdfast/sys/user.h>

struct hf_user_iommu;
struct nvme_model;

/*
 * The faults.
 *
 * All but lost command and controller fatal keep these rules:
 *
 *  - Each command gets exactly one valid completion entry in the end. A fault is an additional entry,
 *    before or after the valid one, and occupies a place in the completion queue. If there is no room
 *    for both, the fault is not injected.
 *  - A driver can detect each fault reliably, whatever it submits, if it validates (a) that the SQ
 *    identifier belongs to a queue that completes here; (b) that the command identifier is in flight
 *    there; (c) that the SQ head is within the ring, and has passed the command's own entry: a command
 *    completes after it was fetched. (This needs a count of submissions, not positions in the ring,
 *    because a command can be in flight for more than a lap.) Generations in identifiers can replace
 *    the second half of (c), if a generation does not recur within a lap of the completion queue.
 *  - A driver that rejects the entry, and updates only its completion queue head, loses nothing: the
 *    data is as the valid completion says.
 *
 * "Before execution" means that a driver that accepts the fault reuses memory that the model has
 * yet to access. This shows as corrupted data, or as an access that the IOMMU rejects.
 */
enum nvme_model_fault {
	/*
	 * Additional entry, before execution: success for an identifier that was not used on this
	 * queue since its creation (or, once all 65,536 were used, is not in flight).
	 */
	NVME_MODEL_UNKNOWN_CID,
	/* Additional entry: the valid entry again, right after it. */
	NVME_MODEL_REPEATED_CID,
	/*
	 * Additional entry, before execution: success for the oldest of the last 64 commands that
	 * completed on this queue and are not in flight. Not injected before 8 completions.
	 */
	NVME_MODEL_STALE_CID,
	/*
	 * Additional entry, before execution: as the valid one, but the SQ identifier is that of a
	 * queue that does not exist or completes elsewhere.
	 */
	NVME_MODEL_WRONG_SQID,
	/*
	 * Additional entry, before execution: as the valid one, but the SQ head is outside the
	 * ring. Not injected on a queue of 65,536 entries. Variant 2, never by chance: a head
	 * within the ring that has not passed the command.
	 */
	NVME_MODEL_BAD_SQHD,
	/*
	 * Additional entry, before execution: the phase tag of the old entry at the tail is
	 * inverted, so that the entry of one lap ago becomes valid again. Its SQ head is updated,
	 * for rule (c). Not injected in the first lap, nor if the old identifier is in flight
	 * again.
	 */
	NVME_MODEL_EARLY_PHASE,
	/*
	 * The valid entry is written with the wrong phase tag, and the interrupt is raised; a
	 * millisecond later the tag is corrected, and the interrupt is raised again. There is no
	 * additional entry, and nothing to reject.
	 */
	NVME_MODEL_LATE_PHASE,
	/*
	 * Additional entry, after execution: as the valid one, but the status code type (SCT) is 4,
	 * 5 or 6, which are reserved. A driver rejects the entry and waits. A driver that treats it
	 * as a failure is not wrong either: the model no longer accesses the command's memory, the
	 * blocks are as the valid status says, and the valid entry looks like a repeated one.
	 */
	NVME_MODEL_RESERVED_STATUS,
	/*
	 * Additional entry, after execution: dword 3 is written while dword 2 is all ones (no such
	 * queue, no such head), and dword 2 a millisecond later. The valid entry follows. A driver
	 * that reads early rejects the torn entry and accepts the valid one. A driver that reads
	 * late accepts the completed entry and rejects the other. Not injected if dword 0 has a
	 * result.
	 */
	NVME_MODEL_TORN_ENTRY,
	/*
	 * The command is fetched, but never executed or completed. An Abort of it succeeds (the
	 * command completes with Abort Requested, then the Abort with 0) or fails (the Abort
	 * completes with 1), at random; variant 1: it succeeds; variant 2: it fails. A reset ends
	 * the command.
	 */
	NVME_MODEL_LOST_COMMAND,
	/*
	 * CSTS.CFS is set (NVMe 1.4, 9.5), the command is not executed, and nothing is fetched,
	 * executed or completed until a reset.
	 */
	NVME_MODEL_CONTROLLER_FATAL,
	/*
	 * Allowed behaviour, not a fault: the command completes after up to 8 later ones, or when
	 * its queue has no others. No additional entry.
	 */
	NVME_MODEL_OUT_OF_ORDER,
	/* Identify succeeds with invalid data: see enum nvme_model_identify_fault. */
	NVME_MODEL_INVALID_IDENTIFY,
	NVME_MODEL_FAULT_COUNT
};

/* The invalid Identify data, by variant, or at random among those that apply to the CNS. */
enum nvme_model_identify_fault {
	NVME_MODEL_ID_NSZE_ZERO = 1,	/* namespace: no blocks */
	NVME_MODEL_ID_NSZE_HUGE,	/* more bytes than 64 bits count */
	NVME_MODEL_ID_NCAP,		/* the capacity exceeds the size */
	NVME_MODEL_ID_LBADS_ZERO,	/* blocks of 1 byte */
	NVME_MODEL_ID_LBADS_HUGE,	/* of 2^63 bytes */
	NVME_MODEL_ID_NLBAF,		/* 256 formats, where 16 fit */
	NVME_MODEL_ID_FLBAS,		/* the format in use does not exist */
	NVME_MODEL_ID_METADATA,		/* the format in use has metadata */
	NVME_MODEL_ID_MDTS,		/* controller: 2^64 pages or more */
	NVME_MODEL_ID_SQES,		/* submission entries of 64 bytes are not supported */
	NVME_MODEL_ID_CQES,		/* completion entries of 16 bytes are not supported */
	NVME_MODEL_ID_NN,		/* no namespaces */
	NVME_MODEL_ID_STRINGS,		/* SN, MN, FR: control characters; valid, to be escaped */
	NVME_MODEL_ID_ONES,		/* namespace or controller: all 4096 bytes are 0xff */
	NVME_MODEL_ID_COUNT
};

/* "unknown-cid" and so on; NULL past the end. */
const char *nvme_model_fault_name(enum nvme_model_fault kind);
/*
 * Whether the driver rejects exactly one entry for each fault of this kind. The sum over these
 * kinds is the number of entries that a driver rejects, but for those that a reset discarded.
 */
bool nvme_model_fault_rejectable(enum nvme_model_fault kind);

struct nvme_model_config {
	/*
	 * The medium: an image file, or memory if that is not NULL. Both belong to the caller; the
	 * size is a multiple of the block size.
	 */
	int fd;
	void *memory;
	size_t memory_size;

	u32 block_size;			/* 512 or 4096 */
	bool sgls;			/* SGLs of one data block are supported */
	u8 mdts;			/* max. transfer: 2^n pages of 2^page_shift_min; 0: no limit */
	u32 queue_entries;		/* CAP.MQES + 1: 2 to 65,536 */
	u16 queues;			/* max. I/O queue pairs, 1 to NVME_MODEL_MAX_QUEUES */
	u16 vectors;			/* interrupt vectors, 1 to 2048 */
	u8 dstrd;			/* doorbells are 4 << dstrd bytes apart: 0 to 10 */
	u8 page_shift_min;		/* log2 of page sizes: 12 to 27 */
	u8 page_shift_max;
	u8 timeout;			/* CAP.TO, in 500 ms, from 1 */
	u32 ready_delay_ms;		/* how long enabling takes; more than CAP.TO is a fault */
	u16 crwmt;			/* CRTO.CRWMT, in 500 ms; 0: there is no CRTO */
	u32 rtd3e_us;			/* RTD3E of Identify */
	u32 shutdown_delay_ms;		/* how long a shutdown takes; more than RTD3E is a fault */
	u32 version;			/* VS; before 1.1 there is no list of namespaces */
	bool no_list;			/* nor is there in spite of the version */
	u8 wzsl, dmrl;			/* limits of the NVM command set, as in Identify; 0: none */
	u32 dmrsl;
	u64 dmsl;
	u32 nn;				/* namespace identifiers are 1 to this */

	/* The interrupt: called on the service thread, without a lock; NULL: the driver polls. */
	void (*irq)(void *arg, unsigned int vector);
	void *irq_arg;

	/*
	 * Random faults: the rate of each kind, in a million I/O commands, and admin commands if
	 * admin_faults is set; of INVALID_IDENTIFY, in a million Identify commands. A command has
	 * one fault at most, so the sum is at most 1,000,000.
	 *
	 * The fault of the nth command of queue q depends on the seed, q and n only. n continues
	 * across resets, so that a command that is submitted again after one is not lost again.
	 */
	u64 seed;
	u32 rate[NVME_MODEL_FAULT_COUNT];
	bool admin_faults;
};

#define NVME_MODEL_MAX_QUEUES	256u
#define NVME_MODEL_MAX_NAMESPACES	2048u

/* Defaults: 8 queue pairs, no interrupts, no faults; the medium is to be set. */
void nvme_model_config_init(struct nvme_model_config *config);
/* NULL, or what is wrong with the configuration, in words. */
const char *nvme_model_config_check(const struct nvme_model_config *config);

/* 0; -EINVAL: see nvme_model_config_check(); -ENOMEM; -EAGAIN: no thread. */
int nvme_model_new(const struct nvme_model_config *config, struct hf_user_iommu *iommu,
		   struct nvme_model **model);
/*
 * Wait until the service thread has processed everything that was written before this call, and has
 * nothing to do until the clock moves or more is written. A test calls this after it moved a
 * stopped clock. Not from the irq function.
 */
void nvme_model_sync(struct nvme_model *model);
/* Stop the thread and free the model. The medium is not synced. */
void nvme_model_free(struct nvme_model *model);

/* ---- Changes that the driver did not ask for, as by another host or a new firmware ---- */

/* A namespace: a part of the medium. */
struct nvme_model_namespace {
	u32 nsid;
	u32 block_size;
	u64 offset;			/* in bytes; so is the size that blocks make */
	u64 blocks;
	u16 metadata;			/* bytes of each block, which are not stored */
	u8 csi;				/* the command set */
	u64 eui64;
};

/*
 * What namespaces there are from now on, in ascending order.  At first there is one, 1, of the whole
 * medium.  0; -EINVAL: out of order, beyond config.nn or the medium; -ENOMEM.
 */
int nvme_model_set_namespaces(struct nvme_model *model,
			      const struct nvme_model_namespace *namespaces, size_t count);
/*
 * Tell an event (NVMe 1.4, 5.2): @type, @info and the log page @lid.  It waits for a request, and until the log page of
 * the last event of its type was read.  @warning: the critical warnings in the health log from now on.
 * -ENOSPC: too many wait (8).
 */
int nvme_model_event(struct nvme_model *model, u8 type, u8 info, u8 lid, u8 warning);
/*
 * Take over sgls, mdts and queues of another configuration at the next reset.  0; -EINVAL: larger than
 * at the start.
 */
int nvme_model_change(struct nvme_model *model, const struct nvme_model_config *config);

/* The register window: ctx is the struct nvme_model. Doorbells of all queues fit. */
extern const struct hf_user_io_ops nvme_model_io_ops;
size_t nvme_model_bar_size(const struct nvme_model *model);
u64 nvme_model_blocks(const struct nvme_model *model);

/* ---- Fault injection for chosen commands ---- */

#define NVME_MODEL_ANY	(~0u)

/*
 * Inject a fault into chosen commands. Of the commands that match when they are fetched, the first
 * skip are not affected, and the next count are. As with random faults, one for which there is no
 * room or no history is not injected.
 */
struct nvme_model_injection {
	enum nvme_model_fault fault;
	u32 sqid;			/* NVME_MODEL_ANY: any I/O queue (of Identify: admin) */
	u32 opcode;			/* NVME_MODEL_ANY: any */
	u32 skip;
	u32 count;			/* 0 stands for 1 */
	u32 variant;			/* of kinds that have variants; 0: at random */
};

/* 0; -EINVAL: no such fault; -ENOSPC: too many injections are pending (16). */
int nvme_model_inject(struct nvme_model *model, const struct nvme_model_injection *injection);
/* Cancel the pending injections. */
void nvme_model_inject_clear(struct nvme_model *model);

/*
 * Hold I/O commands: they are fetched (up to 4096), but not executed until hold is false, then in
 * order. An Abort of a held command succeeds. A reset ends them, and does not change hold.
 */
void nvme_model_hold(struct nvme_model *model, bool hold);
/* How many commands are held now. */
size_t nvme_model_held(const struct nvme_model *model);

/*
 * The next @count I/O commands end with this status, and are not executed.  It may say that a command
 * shall not be tried again (NVME_STATUS_DNR).
 */
void nvme_model_fail(struct nvme_model *model, u16 status, u32 count);

/* Stop the controller now, as NVME_MODEL_CONTROLLER_FATAL does. */
void nvme_model_set_fatal(struct nvme_model *model);

/* ---- What happened ---- */

struct nvme_model_stats {
	u64 admin_commands;		/* fetched */
	u64 io_commands;
	u64 completions;		/* entries posted, faults included */
	u64 failures;			/* commands completed with an error */
	u64 blocks_read;
	u64 blocks_written;
	u64 blocks_zeroed;		/* by Write Zeroes and Dataset Management */
	u64 flushes;			/* of the medium */
	u64 medium_errors;		/* errors of the image file */
	u64 interrupts;
	u64 resets;
	u64 sleeps;			/* how often the service thread slept */
	u64 driver_errors;		/* what the specification forbids a host to do */
	u64 faults[NVME_MODEL_FAULT_COUNT];	/* injected, by kind */
};

void nvme_model_stats(const struct nvme_model *model, struct nvme_model_stats *stats);

#define NVME_MODEL_ERROR_LEN	128u
#define NVME_MODEL_ERRORS	16u

/*
 * The text of a driver error; back = 0 is the newest, up to NVME_MODEL_ERRORS are kept. False and
 * an empty string if there were not so many.
 */
bool nvme_model_driver_error(struct nvme_model *model, unsigned int back,
			     char text[NVME_MODEL_ERROR_LEN]);

#endif /* EXAMPLES_NVME_MODEL_H */
