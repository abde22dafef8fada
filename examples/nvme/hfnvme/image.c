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

static int create(struct hfnvme_image *image, const struct hfnvme_options *o)
{
	int flags = O_RDWR | O_CREAT | O_CLOEXEC | (o->force ? O_TRUNC : O_EXCL);

	image->fd = open(o->image, flags, 0666);
	if (image->fd < 0 && errno == EEXIST)
		return hfnvme_error("%s: exists; leave --create out to use it as it is, or add "
				    "--force to replace it", o->image);
	if (image->fd < 0)
		return hfnvme_error("%s: cannot be created: %s", o->image, strerror(errno));
	if (ftruncate(image->fd, (off_t)o->create)) {
		hfnvme_error("%s: cannot be made %s long: %s", o->image,
			     hfnvme_bytes(o->create).s, strerror(errno));
		unlink(o->image);
		return HFNVME_FAILED;
	}
	return 0;
}

static int open_file(struct hfnvme_image *image, const struct hfnvme_options *o, bool write)
{
	struct stat st;

	if (o->create) {
		int status = create(image, o);

		if (status)
			return status;
	} else {
		image->fd = open(o->image, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
		if (image->fd < 0 && errno == ENOENT)
			return hfnvme_error("%s: there is no such image; `hfnvme write %s "
					    "--create SIZE` makes one", o->image, o->image);
		if (image->fd < 0)
			return hfnvme_error("%s: cannot be opened for %s: %s", o->image,
					    write ? "writing" : "reading", strerror(errno));
	}
	if (fstat(image->fd, &st))
		return hfnvme_error("%s: %s", o->image, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return hfnvme_error("%s: is not a regular file; an image is a plain file that "
				    "holds the blocks of the device", o->image);
	image->size = (u64)st.st_size;
	if (image->size < o->block_size)
		return hfnvme_error("%s: is %s long, shorter than one block of %u bytes; "
				    "`truncate -s SIZE %s` makes it longer", o->image,
				    hfnvme_bytes(image->size).s, o->block_size, o->image);
	if (image->size % o->block_size)
		return hfnvme_error("%s: its %llu bytes are not a whole number of blocks of %u; "
				    "`truncate -s %%%u %s` rounds it up%s", o->image,
				    (unsigned long long)image->size, o->block_size,
				    o->block_size, o->image,
				    o->block_size == 4096 && image->size % 512 == 0 ?
					    ", or use --block-size 512" : "");
	return 0;
}

static int make_memory(struct hfnvme_image *image, const struct hfnvme_options *o)
{
	/* Anonymous pages are zeroed, and allocated at the first access. */
	void *p = mmap(NULL, o->memory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return hfnvme_error("no memory for a device of %s (--size): %s",
				    hfnvme_bytes(o->memory).s, strerror(errno));
	image->memory = p;
	image->size = o->memory;
	return 0;
}

int hfnvme_image_open(struct hfnvme_image *image, const struct hfnvme_options *o, bool write)
{
	int status;

	*image = (struct hfnvme_image) { .fd = -1 };
	if (!o->image)
		return make_memory(image, o);
	status = open_file(image, o, write);
	if (status)
		hfnvme_image_close(image);
	return status;
}

void hfnvme_image_close(struct hfnvme_image *image)
{
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
