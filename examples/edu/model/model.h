/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A model of QEMU's educational device, of what the driver uses.
 *
 * It shares no code with the driver.  What it was told to do, it does in edu_model_step(): a test decides when.  It
 * accesses memory through the IOMMU, so that an address that was not given to it, or no longer is, counts as an error
 * of the driver; so does what would make QEMU 7.2 abort.
 */
#ifndef EXAMPLES_EDU_MODEL_H
#define EXAMPLES_EDU_MODEL_H

#include <pthread.h>

#include <holdfast/mmio.h>
#include <holdfast/sys/user_iommu.h>

struct edu_model {
	/* A test may change these. */
	bool stalled;			/* nothing ends */
	bool removed;			/* registers read as all ones */
	bool stopped;			/* no access to memory, no interrupt */
	u32 id;

	struct hf_user_iommu *iommu;
	struct hf_user_irq irq;
	pthread_mutex_t lock;
	u32 factorial, status, irq_status;
	u64 source, destination, count, command;
	u8 buffer[4096];
	unsigned int errors;		/* of the driver */
	unsigned int transfers;
};

#define EDU_MODEL_REGISTERS	(1u << 20)

void edu_model_init(struct edu_model *m, struct hf_user_iommu *iommu);
void edu_model_fini(struct edu_model *m);
/* The first @size bytes of its registers. */
struct hf_io edu_model_io(struct edu_model *m, size_t size);
/* Do what was asked for, and raise the interrupt, on this thread. */
void edu_model_step(struct edu_model *m);
/* Raise the interrupt for these reasons, wanted or not. */
void edu_model_raise(struct edu_model *m, u32 why);

#endif
