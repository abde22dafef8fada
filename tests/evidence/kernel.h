/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What kernel C offers against these bugs: the kernel's own headers, and a packet that __free() ends. */
#ifndef EVIDENCE_KERNEL_H
#define EVIDENCE_KERNEL_H

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/refcount.h>
#include <linux/rwlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

struct packet {
	int len;
	struct list_head link;
	refcount_t refs;
};

struct packet *packet_new(void);
void packet_free(struct packet *p);
void transmit(struct packet *p);	/* takes it */
int peek(const struct packet *p);
void poke(struct packet *p);
DEFINE_FREE(packet, struct packet *, if (_T) packet_free(_T))

#endif
