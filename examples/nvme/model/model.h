/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An NVMe controller in software, for userspace: NVM Express Base Specification 1.4, backed by a
 * disk image, which lies to its driver on request.
 *
 * The model runs on a thread of its own. A driver reaches it through register accesses
 * (nvme_model_io_ops), queue and data memory through a struct hf_user_iommu, and interrupts. The
 * model checks its driver as strictly as the driver should check the model: whatever the
 * specification forbids a host to do is counted in driver_errors and described in words.
 *
 * Memory ordering. An entry of a completion queue is stored dword by dword, atomically, the dword
 * with the phase tag last and with release. A driver loads that dword with acquire, then the
 * others. A doorbell write is a release of what precedes it: submission entries, PRP lists, data.
 * Memory of a command is the model's from the doorbell to its completion entry.
 *
 * A reset (CC.EN 1 to 0) is over when CSTS.RDY reads 0. From then on the model touches no memory of
 * the driver, and forgets every command that it had.
 */
#ifndef EXAMPLES_NVME_MODEL_H
#define EXAMPLES_NVME_MODEL_H

#include <holdfast/sys/user.h>

struct hf_user_iommu;
struct nvme_model;

/*
 * The fault menu.
 *
 * Three promises hold for every kind but the two that say otherwise (lost command, controller
 * stop):
 *
 *  - An honest completion of each command is posted in the end, exactly one. A lie is an entry of
 *    its own, before or after it, and takes a place in the completion queue as any entry does. If
 *    there is no room for the lie and the honest entry, the lie is not told.
 *  - A driver can know each lie for one, with certainty, whatever it submits meanwhile, if it
 *    checks that (a) the SQ identifier is that of a queue that completes here; (b) the command
 *    identifier is that of a command that is outstanding there; (c) the SQ head is a place in the
 *    ring, and the head has passed the command's own entry, since a command completes after it was
 *    fetched. (Count submissions for that, not places: a command can be outstanding for more than a
 *    lap.) Identifiers that carry a generation do instead of the second half of (c), if the
 *    generation does not come round within a lap of the completion queue.
 *  - A driver that refuses the entry, and changes nothing but its own completion queue head, loses
 *    nothing: the data is what the honest completion says.
 *
 * "Before execution" means that a driver which believes the lie reuses memory that the model has
 * yet to read or write: belief shows, as corrupt data or as an access that the IOMMU refuses.
 */
enum nvme_model_fault {
	/*
	 * Extra entry, before execution: success for an identifier that was never outstanding on
	 * this queue since its creation (any that is not, once all 65,536 were). The rest is true.
	 */
	NVME_MODEL_UNKNOWN_CID,
	/* Extra entry: the honest entry once more, right after it. */
	NVME_MODEL_REPEATED_CID,
	/*
	 * Extra entry, before execution: success for the one of the last 64 commands completed on
	 * this queue that completed first and is not outstanding. Not told before 8 completions.
	 */
	NVME_MODEL_STALE_CID,
	/*
	 * Entry before execution: all true but the SQ identifier, which is that of a queue that
	 * does not exist or completes elsewhere. The command is still outstanding; its entry
	 * follows.
	 */
	NVME_MODEL_WRONG_SQID,
	/*
	 * Entry before execution: all true but the SQ head, which is not a place in the ring. The
	 * command is still outstanding; its entry follows. Not told of a queue of 65,536 entries.
	 * Variant 2, by script only: a head in the ring which has not passed the command.
	 */
	NVME_MODEL_BAD_SQHD,
	/*
	 * Extra entry, before execution: the phase tag of the old entry at the tail is flipped, so
	 * that what was there one lap ago becomes valid again: its identifier, its queue, its
	 * status. (Its SQ head is brought up to date, which is what keeps (c) true.) Not told on
	 * the first lap, nor where the old identifier is outstanding again.
	 */
	NVME_MODEL_EARLY_PHASE,
	/*
	 * The honest entry is written with the wrong phase tag and the interrupt is raised; a
	 * millisecond later the tag is put right and the interrupt is raised again. There is
	 * nothing to refuse: there is no entry until the tag is right. No extra entry.
	 */
	NVME_MODEL_LATE_PHASE,
	/*
	 * Entry after execution: all true but the status, whose type (SCT) is 4, 5 or 6, which are
	 * reserved. The honest entry follows. A driver refuses the status and waits. A driver that
	 * takes it for a failure is not wrong either: the model is done with the command's memory,
	 * the blocks are as the honest status says, and it will see the honest entry as repeated.
	 */
	NVME_MODEL_RESERVED_STATUS,
	/*
	 * Entry after execution: dword 3 appears while dword 2 reads as all ones (no such queue, no
	 * such head); dword 2 follows a millisecond later. The honest entry follows, in the
	 * next place. A driver that looks early refuses the torn entry and takes the honest one; a
	 * driver that looks late takes the healed one, which is true, and sees the honest one as
	 * repeated. Either way one is taken and one is refused. Not told where dword 0 matters.
	 */
	NVME_MODEL_TORN_ENTRY,
	/*
	 * The command is fetched and never executed or completed. A later Abort of it succeeds (the
	 * command completes with Abort Requested, then the Abort with 0) or fails (the Abort
	 * completes with 1), by dice; variant 1: it succeeds; variant 2: it fails. A reset ends it.
	 */
	NVME_MODEL_LOST_COMMAND,
	/*
	 * CSTS.CFS is set (NVMe 1.4, 9.5), the command is not executed, and nothing is fetched,
	 * executed or completed until a reset.
	 */
	NVME_MODEL_CONTROLLER_FATAL,
	/*
	 * Not a lie, but what tests need a controller to do: the command is put aside and completes
	 * after up to 8 later ones, or when its queue has no others. No extra entry.
	 */
	NVME_MODEL_OUT_OF_ORDER,
	/* Identify succeeds with data that cannot be true: see enum nvme_model_identify_fault. */
	NVME_MODEL_INVALID_IDENTIFY,
	NVME_MODEL_FAULT_COUNT
};

/* What a hostile Identify says, by script's variant or by dice among those that fit the CNS. */
enum nvme_model_identify_fault {
	NVME_MODEL_ID_NSZE_ZERO = 1,	/* namespace: no blocks */
	NVME_MODEL_ID_NSZE_HUGE,	/* more bytes than 64 bits count */
	NVME_MODEL_ID_NCAP,		/* capacity greater than size */
	NVME_MODEL_ID_LBADS_ZERO,	/* blocks of 1 byte */
	NVME_MODEL_ID_LBADS_HUGE,	/* of 2^63 bytes */
	NVME_MODEL_ID_NLBAF,		/* 256 formats, where 16 fit */
	NVME_MODEL_ID_FLBAS,		/* the format in use is not among those that there are */
	NVME_MODEL_ID_METADATA,		/* the format in use has metadata, which nobody asked for */
	NVME_MODEL_ID_MDTS,		/* controller: 2^64 pages or more */
	NVME_MODEL_ID_SQES,		/* entries of 64 bytes are not among those it can take */
	NVME_MODEL_ID_CQES,		/* nor those of 16 bytes */
	NVME_MODEL_ID_NN,		/* no namespaces */
	NVME_MODEL_ID_STRINGS,		/* SN, MN, FR: control characters, no end; to be escaped */
	NVME_MODEL_ID_ONES,		/* either: all 4096 bytes are 0xff */
	NVME_MODEL_ID_COUNT
};

/* "unknown-cid" and so on; NULL past the end. */
const char *nvme_model_fault_name(enum nvme_model_fault kind);
/*
 * Whether each such lie is one entry that a driver refuses. Over those kinds, what a driver refused
 * is what the model told (but for an entry that a reset kept it from seeing).
 */
bool nvme_model_fault_rejectable(enum nvme_model_fault kind);

struct nvme_model_config {
	/*
	 * The medium: an image file that stays the caller's, its size a multiple of the block size;
	 * or memory of the caller's, where memory is not NULL.
	 */
	int fd;
	void *memory;
	size_t memory_size;

	u32 block_size;			/* 512 or 4096 */
	bool sgls;			/* data may be one SGL data block instead of PRPs */
	u8 mdts;			/* transfer: 2^n pages of 2^page_shift_min; 0: no limit */
	u32 queue_entries;		/* CAP.MQES + 1: 2 to 65,536 */
	u16 queues;			/* I/O queue pairs it grants: 1 to NVME_MODEL_MAX_QUEUES */
	u16 vectors;			/* interrupt vectors, 1 to 2048 */
	u8 dstrd;			/* doorbells are 4 << dstrd bytes apart: 0 to 10 */
	u8 page_shift_min;		/* log2 of page sizes: 12 to 27 */
	u8 page_shift_max;
	u8 timeout;			/* CAP.TO, in 500 ms, from 1 */
	u32 ready_delay_ms;		/* how long enabling takes; beyond CAP.TO it is a fault */

	/* Called on the model's thread, without a lock held; NULL: the driver polls. */
	void (*irq)(void *arg, unsigned int vector);
	void *irq_arg;

	/*
	 * The dice: lies in a million, by kind, for each I/O command (and each admin command too,
	 * where admin_faults); for each Identify command in the case of HOSTILE_IDENTIFY. A command
	 * draws one lie at most, so the sum is at most 1,000,000.
	 *
	 * What the nth command of queue q draws depends on the seed, q and n only, not on time nor
	 * on other queues. n goes on across resets, so that a reset gets past a lost command.
	 */
	u64 seed;
	u32 rate[NVME_MODEL_FAULT_COUNT];
	bool admin_faults;
};

#define NVME_MODEL_MAX_QUEUES	256u

/* A polled, honest controller with 8 queue pairs and no medium yet. */
void nvme_model_config_init(struct nvme_model_config *config);
/* NULL, or what is wrong with the configuration, in words. */
const char *nvme_model_config_check(const struct nvme_model_config *config);

/* 0; -EINVAL: see nvme_model_config_check(); -ENOMEM; -EAGAIN: no thread. */
int nvme_model_new(const struct nvme_model_config *config, struct hf_user_iommu *iommu,
		   struct nvme_model **model);
/*
 * Wait until the model has done all that it can do before more time passes or it is asked for more.
 * Not from the irq function. A test that has stopped the clock (hf_user_clock_stop()) and moved it
 * calls this, so that it depends on the order of events only.
 */
void nvme_model_sync(struct nvme_model *model);
/* Stop the thread and free the model. The medium holds what was completed; it is not synced. */
void nvme_model_free(struct nvme_model *model);

/* The register window: ctx is the struct nvme_model. Doorbells of all queues fit. */
extern const struct hf_user_io_ops nvme_model_io_ops;
size_t nvme_model_bar_size(const struct nvme_model *model);
u64 nvme_model_blocks(const struct nvme_model *model);

/* ---- Lies and delays on purpose, for tests that must repeat exactly ---- */

#define NVME_MODEL_ANY	(~0u)

/*
 * Tell a lie about chosen commands: of those that match, the first skip are spared and the next
 * count hit, once each. They are chosen when they are fetched. As with dice, a lie for which there
 * is no room or no history is not told.
 */
struct nvme_model_injection {
	enum nvme_model_fault fault;
	u32 sqid;			/* NVME_MODEL_ANY: any I/O queue (of Identify: admin) */
	u32 opcode;			/* NVME_MODEL_ANY: any */
	u32 skip;
	u32 count;			/* 0 stands for 1 */
	u32 variant;			/* of kinds that have them; 0: by rng */
};

/* 0; -EINVAL: no such lie; -ENOSPC: too many injections are waiting (16). */
int nvme_model_inject(struct nvme_model *model, const struct nvme_model_injection *injection);
/* Forget the injections that wait. */
void nvme_model_inject_clear(struct nvme_model *model);

/*
 * Hold I/O commands back: they are fetched (up to 4096), and neither executed nor completed until
 * released, then in order. An Abort of one succeeds. A reset ends them; holding goes on.
 */
void nvme_model_hold(struct nvme_model *model, bool hold);
/* How many commands are held back now. */
size_t nvme_model_held(const struct nvme_model *model);

/* Stop the controller now, as NVME_MODEL_CONTROLLER_FATAL does. */
void nvme_model_set_fatal(struct nvme_model *model);

/* ---- What happened ---- */

struct nvme_model_stats {
	u64 admin_commands;		/* fetched */
	u64 io_commands;
	u64 completions;		/* entries posted, lies among them */
	u64 failures;			/* honest completions with a status that is not success */
	u64 blocks_read;
	u64 blocks_written;
	u64 blocks_zeroed;		/* by Write Zeroes and Dataset Management */
	u64 flushes;			/* of the medium */
	u64 medium_errors;		/* of the host, reading, writing or syncing the image */
	u64 interrupts;
	u64 resets;
	u64 sleeps;			/* times the thread ran out of work and slept */
	u64 driver_errors;		/* things the specification forbids a host to do */
	u64 faults[NVME_MODEL_FAULT_COUNT];	/* told, by kind */
};

void nvme_model_stats(const struct nvme_model *model, struct nvme_model_stats *stats);

#define NVME_MODEL_ERROR_LEN	128u
#define NVME_MODEL_ERRORS	16u

/*
 * The last driver errors in words, back = 0 being the newest, up to NVME_MODEL_ERRORS.
 * Returns false and an empty string if there were not so many.
 */
bool nvme_model_driver_error(struct nvme_model *model, unsigned int back,
			     char text[NVME_MODEL_ERROR_LEN]);

#endif /* EXAMPLES_NVME_MODEL_H */
