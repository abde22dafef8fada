/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a process and the driver say to each other over /dev/hf_eduN.  write(2) of a u32 asks for its factorial, and
 * read(2) of the same open file gives it.  An ioctl copies bytes into the device's buffer, or out of it.
 */
#ifndef EXAMPLES_EDU_ABI_H
#define EXAMPLES_EDU_ABI_H

#include <holdfast/cursor.h>

#define EDU_MAX_N	12u	/* 13! has more than 32 bits */
#define EDU_OPENERS	8u	/* open(2) gives -EBUSY past it */

/*
 * The device's buffer has 4096 bytes.  QEMU 7.2 compares the end of a transfer with the end of the buffer by "less
 * than", and aborts when a transfer reaches the last byte.  So that byte is never transferred.
 */
#define EDU_BUFFER	4095u

enum edu_direction { EDU_TO_DEVICE, EDU_FROM_DEVICE };

struct edu_transfer {
	struct hf_le32 direction;	/* an enum edu_direction */
	struct hf_le32 offset;		/* in the device's buffer */
	struct hf_le32 length;		/* from 1; up to the end of EDU_BUFFER */
	struct hf_le32 reserved;	/* 0 */
	struct hf_le64 user;		/* the address of the caller's bytes */
};

HF_WIRE_TYPE(edu_transfer, struct edu_transfer,
	     HF_WIRE(direction) HF_WIRE(offset) HF_WIRE(length) HF_WIRE(reserved) HF_WIRE(user));

#define EDU_TRANSFER	_IOW('e', 1, struct edu_transfer)

#endif
