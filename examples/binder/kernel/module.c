// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* hf_binder.ko: a device file for each name of the parameter `devices`, as binder_linux has it. */
#include <linux/cred.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <holdfast/version.h>

#include "../binder.h"

#define DEVICES	8u

static char *devices = "hf-binder";
module_param(devices, charp, 0444);
MODULE_PARM_DESC(devices, "names of the device files, with commas between them; at most 8; default hf-binder");

static struct binder_device_own bound[DEVICES];

u32 binder_host_tid(void)
{
	return (u32)task_pid_nr(current);
}

u32 binder_host_pid(void)
{
	return (u32)task_tgid_nr(current);
}

u32 binder_host_euid(void)
{
	return from_kuid(current_user_ns(), current_euid());
}

static struct file *file_of(struct binder_host_file *f)
{
	return (struct file *)f;
}

void binder_host_file_get(struct binder_host_file *f)
{
	get_file(file_of(f));
}

void binder_host_file_put(struct binder_host_file *f)
{
	fput(file_of(f));
}

struct binder_host_file *binder_host_file_of(u32 fd)
{
	return (struct binder_host_file *)fget(fd);
}

struct u32_result binder_host_fd_reserve(void)
{
	const int fd = get_unused_fd_flags(O_CLOEXEC);

	return fd < 0 ? hf_err(u32, fd) : hf_ok(u32, (u32)fd);
}

void binder_host_fd_fill(u32 fd, struct host_file_arc given)
{
	hf_let_arc(host_file, f, given);

	/* SAFETY: the descriptor has the reference from now on. */
	fd_install(fd, file_of(hf_leak_ref(f)));
}

void binder_host_fd_give_back(u32 fd)
{
	put_unused_fd(fd);
}

/* Its file ends when the thread is back in user mode, and not before, should it be that of the call under way. */
void binder_host_fd_close(u32 fd)
{
	close_fd(fd);
}

static void unbind_all(void)
{
	for (u32 i = 0; i < DEVICES; i++)
		binder_device_own_drop(&bound[i]);
}

/* Each name in @names, which is cut into them. */
static int bind_all(char *names)
{
	char *name;

	for (u32 i = 0; (name = strsep(&names, ","));) {
		if (!*name)
			continue;
		if (i == DEVICES)
			return -E2BIG;
		hf_try_errno(hf_set_ok(bound[i], binder_bind(name, i ? hf_ref(bound[0]) : NULL)));
		i++;
	}
	return 0;
}

static int __init binder_start(void)
{
	char *const names = kstrdup(devices, GFP_KERNEL);
	const int err = names ? bind_all(names) : -ENOMEM;

	kfree(names);
	if (err)
		unbind_all();
	return err;
}

static void __exit binder_stop(void)
{
	unbind_all();
}

module_init(binder_start);
module_exit(binder_stop);

MODULE_DESCRIPTION("Android's binder, by the Holdfast example driver");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(HF_VERSION_STRING);
