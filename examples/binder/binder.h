/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Android's binder: calls between processes, by references that the driver counts.  Read binder_abi.h, then core.h,
 * then node.c, buffer.c, transaction.c, thread.c and file.c.  They are portable: kernel/ has the device files of the
 * module, and tests/ a host in userspace.
 */
#ifndef EXAMPLES_BINDER_H
#define EXAMPLES_BINDER_H

#include <holdfast/arc.h>
#include <holdfast/file.h>
#include <holdfast/num.h>
#include <holdfast/ref.h>

/* ---- What the driver asks of its host ---- */

/* The calling thread and process, as the threads of this machine see them, and the process's effective user. */
u32 binder_host_tid(void);
u32 binder_host_pid(void);
u32 binder_host_euid(void);

/* An open file of the host. */
struct binder_host_file;
void binder_host_file_get(struct binder_host_file *f);
void binder_host_file_put(struct binder_host_file *f);
HF_REF_DEFINE(host_file, struct binder_host_file, binder_host_file_get, binder_host_file_put);

/* That of a descriptor of the calling process, with a reference; NULL if there is none. */
struct binder_host_file *binder_host_file_of(u32 fd);
/* A free descriptor of the calling process: -EMFILE, -ENOMEM.  It is given a file, or is free again. */
struct u32_result binder_host_fd_reserve(void);
void binder_host_fd_fill(u32 fd, struct host_file_arc file);
void binder_host_fd_give_back(u32 fd);
/* Close a descriptor of the calling process, if it has it still. */
void binder_host_fd_close(u32 fd);

/* ---- What the host asks of the driver ---- */

struct binder_device;
void binder_unbind(struct binder_device *b);
HF_OWN_DEFINE(binder_device, struct binder_device, binder_unbind);

/*
 * binder_bind() - make a device file, and the context that its openers share.
 *
 * @beside: another one of this host, NULL for the first: a process is frozen with all that it has open of them.
 * -ENOMEM, and the errors of hf_node_register().  When the owner is dropped the file is gone; processes that have it
 * open go on.
 */
struct binder_device_own_result binder_bind(const char *name, const struct binder_device *beside) HF_SLEEPS;

#endif
