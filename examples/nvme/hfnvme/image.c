/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The medium: an image file, or memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "hfnvme.h"

static int not_a_file(const char *name, mode_t mode)
{
	return cli_error("%s: is a %s; an image is a regular file, which holds the blocks of the device", name,
			 S_ISDIR(mode) ? "directory" : S_ISFIFO(mode) ? "FIFO" : S_ISSOCK(mode) ? "socket" :
			 S_ISCHR(mode) ? "character device" : "block device");
}

/* The descriptor; also to open a device may have an effect, and to open a FIFO may take for ever. */
static int open_file(struct hfnvme_image *image, const struct cli_options *o, bool write)
{
	const int flags = (write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	struct stat st;

	if (!stat(o->image, &st) && !S_ISREG(st.st_mode))
		return not_a_file(o->image, st.st_mode);
	if (o->create) {
		image->fd = open(o->image, flags | O_CREAT | O_EXCL, 0666);
		image->created = image->fd >= 0 ? o->image : NULL;
		if (image->fd < 0 && errno == EEXIST && !o->force)
			return cli_error("%s: exists; leave --create out to use it as it is, or add "
					 "--force to replace it", o->image);
		if (image->fd < 0 && errno != EEXIST)
			return cli_error("%s: cannot be created: %s", o->image, strerror(errno));
	}
	if (image->fd < 0)
		image->fd = open(o->image, flags);
	if (image->fd < 0 && errno == ENOENT)
		return cli_error("%s: there is no such image; `hfnvme write %s --create SIZE` makes one",
				 o->image, o->image);
	if (image->fd < 0)
		return cli_error("%s: cannot be opened for %s: %s", o->image,
				 write ? "writing" : "reading", strerror(errno));
	if (fstat(image->fd, &st))
		return cli_error("%s: %s", o->image, strerror(errno));
	return S_ISREG(st.st_mode) ? 0 : not_a_file(o->image, st.st_mode);
}

/*
 * Nobody else may write it as long as it is used; several may read it. Not flock(), as of a record lock the kernel says
 * who has it.
 */
static int lock_file(struct hfnvme_image *image, const struct cli_options *o, bool write)
{
	struct hfnvme_text who;
	struct flock lock;
	int err;

	do {
		lock = (struct flock) { .l_type = write ? F_WRLCK : F_RDLCK, .l_whence = SEEK_SET };
		if (!fcntl(image->fd, F_SETLK, &lock))
			return 0;
		err = errno;
		if (err != EAGAIN && err != EACCES)
			break;
		/* The other one may have ended since. */
	} while (!fcntl(image->fd, F_GETLK, &lock) && lock.l_type == F_UNLCK);
	/* What another process has now is no longer only this one's. */
	image->created = NULL;
	if (err != EAGAIN && err != EACCES)
		return cli_error("%s: cannot be locked: %s", o->image, strerror(err));
	snprintf(who.s, sizeof(who.s), lock.l_pid > 0 ? "process %d" : "another process", (int)lock.l_pid);
	return cli_error("%s: is in use by %s, which %s it", o->image, who.s,
			 lock.l_type == F_WRLCK ? "writes" : "reads");
}

/* The report would be written into it. */
static int check_streams(const struct hfnvme_image *image, const struct cli_options *o)
{
	static const char *const names[] = { [1] = "standard output", "standard error" };
	struct stat st, stream;

	for (int fd = 1; fd <= 2; fd++)
		if (!fstat(image->fd, &st) && !fstat(fd, &stream) && st.st_dev == stream.st_dev &&
		    st.st_ino == stream.st_ino)
			return cli_error("%s: is %s, too", o->image, hf_array_at(names, fd));
	return 0;
}

static int set_size(struct hfnvme_image *image, const struct cli_options *o)
{
	struct stat st;

	if (o->create && (ftruncate(image->fd, 0) || ftruncate(image->fd, (off_t)o->create)))
		return cli_error("%s: cannot be made %s long: %s", o->image,
				 hfnvme_bytes(o->create).s, strerror(errno));
	if (fstat(image->fd, &st))
		return cli_error("%s: %s", o->image, strerror(errno));
	image->size = (u64)st.st_size;
	if (image->size < o->block_size)
		return cli_error("%s: is %s long, shorter than one block of %u bytes; "
				    "`truncate -s SIZE %s` makes it longer", o->image,
				    hfnvme_bytes(image->size).s, o->block_size, o->image);
	if (image->size % o->block_size)
		return cli_error("%s: its %llu bytes are not a whole number of blocks of %u; "
				    "`truncate -s %%%u %s` rounds it up%s", o->image,
				    (unsigned long long)image->size, o->block_size,
				    o->block_size, o->image,
				    o->block_size == 4096 && image->size % 512 == 0 ?
					    ", or use --block-size 512" : "");
	return 0;
}

static int make_memory(struct hfnvme_image *image, const struct cli_options *o)
{
	/* Anonymous pages are zeroed, and allocated at the first access. */
	void *p = mmap(NULL, o->memory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return cli_error("no memory for a device of %s (--size): %s",
				    hfnvme_bytes(o->memory).s, strerror(errno));
	image->memory = p;
	image->size = o->memory;
	return 0;
}

int hfnvme_image_open(struct hfnvme_image *image, const struct cli_options *o, bool write)
{
	int status;

	*image = (struct hfnvme_image) { .fd = -1 };
	if (!o->image)
		return make_memory(image, o);
	status = open_file(image, o, write);
	if (!status)
		status = check_streams(image, o);
	if (!status)
		status = lock_file(image, o, write);
	if (!status)
		status = set_size(image, o);
	if (status)
		hfnvme_image_close(image, false);
	return status;
}

void hfnvme_image_close(struct hfnvme_image *image, bool keep)
{
	if (image->created && !keep)
		unlink(image->created);
	if (image->fd >= 0)
		close(image->fd);
	if (image->memory)
		munmap(image->memory, image->size);
	*image = (struct hfnvme_image) { .fd = -1 };
}

struct hfnvme_text hfnvme_image_trouble(const struct hfnvme_image *image)
{
	struct hfnvme_text t = { "" };
	struct rlimit limit;
	struct statvfs fs;

	if (image->fd < 0)
		return t;
	if (fstatvfs(image->fd, &fs) == 0 && fs.f_bavail == 0)
		snprintf(t.s, sizeof(t.s), "; the image's file system is full");
	else if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < image->size)
		snprintf(t.s, sizeof(t.s), "; files may be %.40s at most (ulimit -f)",
			 hfnvme_bytes(limit.rlim_cur).s);
	return t;
}
