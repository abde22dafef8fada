/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The driver to learn from, for QEMU's educational device (-device edu; QEMU's docs/specs/edu.rst).  Read edu_abi.h,
 * then edu.c, then kernel/pci.c.  edu.c is portable: the kernel's part finds a device, the tests bring a model of it.
 *
 *	the bus's device	owns an edu_binding: the node in /dev, the interrupt, a reference to the edu
 *	node, interrupt		each own a reference to the edu
 *	open file		owns a session, which owns a reference to the edu
 *	edu			owns, until the device goes, an edu_hw: registers and the memory shared with it
 *
 * So when the device goes while files are open, the binding and the edu_hw end, and the edu stays for the files, whose
 * calls give -ENODEV.
 */
#ifndef EXAMPLES_EDU_H
#define EXAMPLES_EDU_H

#include <holdfast/dma.h>
#include <holdfast/irq.h>
#include <holdfast/mmio.h>

/* What the core needs of its host.  All of it outlives the binding. */
struct edu_config {
	struct hf_io io;		/* BAR 0 */
	struct hf_device dev;		/* for DMA, with the mask of the device: 28 bits */
	struct hf_irq_line line;
	const char *name;		/* of the node in /dev */
	u32 timeout_ms;			/* of a factorial, and of a transfer */
	void (*stop)(void *host);	/* ends the device's interrupts and accesses to memory, for good */
	void *host;
};

struct edu_binding;
/* Waits for those that are inside a call.  Open files stay. */
void edu_unbind(struct edu_binding *b);
HF_OWN_DEFINE(edu_binding, struct edu_binding, edu_unbind);

/*
 * edu_bind() - take a device into use.
 *
 * -ENODEV: there is no such device.  -EBUSY: it still does what it was told before.  -ENOMEM, and the errors of
 * hf_irq_request() and hf_node_register().
 */
struct edu_binding_own_result edu_bind(const struct edu_config *config);

#endif
