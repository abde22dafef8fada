// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The ioctls of hf_nvme.ko, as no well-behaved client uses them.
 *
 *	ioctl_user edges NODE DISK		what must be refused; as root
 *	ioctl_user unbound NODE DISK		has both open, and waits for the end of its input
 *
 * Prints what is wrong, and exits with 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define IDENTIFY	0x06
#define READ		0x02
#define WRITE		0x01
#define PAGE		4096u

static bool failed;

static void expect(int line, long got, int err, long want, int want_err)
{
	if (got == want && (want >= 0 || err == want_err))
		return;
	fprintf(stderr, "line %d: %ld (%s); expected %ld (%s)\n", line, got, strerror(err), want, strerror(want_err));
	failed = true;
}

#define GIVES(want, call)	do { errno = 0; const long got_ = (call); expect(__LINE__, got_, errno, want, 0); } while (0)
#define FAILS(want, call)	do { errno = 0; const long got_ = (call); expect(__LINE__, got_, errno, -1, want); } while (0)

static int open_or_die(const char *path, int flags)
{
	const int fd = open(path, flags | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	exit(1);
}

static struct nvme_passthru_cmd identify(void *to, uint32_t len)
{
	return (struct nvme_passthru_cmd){
		.opcode = IDENTIFY, .addr = (uintptr_t)to, .data_len = len, .cdw10 = 1,
	};
}

static struct nvme_passthru_cmd read_one(void *to, uint32_t len)
{
	return (struct nvme_passthru_cmd){ .opcode = READ, .nsid = 1, .addr = (uintptr_t)to, .data_len = len };
}

static void edges(int node, int disk)
{
	uint8_t *const page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct nvme_passthru_cmd c;
	struct nvme_passthru_cmd64 wide = { .opcode = IDENTIFY, .addr = (uintptr_t)page, .data_len = PAGE, .cdw10 = 1,
					    .result = ~0ull };
	struct nvme_user_io io = { .opcode = READ, .addr = (uintptr_t)page };

	/* What comes next is not there. */
	munmap(page + PAGE, PAGE);
	for (int i = 0; i < 2; i++) {
		const int fd = i ? disk : node;

		c = identify(page, PAGE);
		GIVES(0, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		GIVES(0, ioctl(fd, NVME_IOCTL_ADMIN64_CMD, &wide));
		GIVES(0, (long)wide.result);
		/* Less than the command gives: no byte more. */
		memset(page, 0xaa, PAGE);
		c = identify(page + 100, 64);
		GIVES(0, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		GIVES(0xaa, page[99]);
		GIVES(0xaa, page[164]);

		c = identify(page + 1, PAGE);
		FAILS(EFAULT, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		c = identify(NULL, PAGE);
		FAILS(EFAULT, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		c = identify((void *)(uintptr_t)0xffff888000000000, PAGE);
		FAILS(EFAULT, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		FAILS(EFAULT, ioctl(fd, NVME_IOCTL_ADMIN_CMD, NULL));
		FAILS(EFAULT, ioctl(fd, NVME_IOCTL_ADMIN_CMD, page + PAGE - 8));
		c = identify(page, (128 << 10) + 4);
		FAILS(EINVAL, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		c = identify(page, ~0u);
		FAILS(EINVAL, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		c = identify(page, PAGE);
		c.flags = 0x40;
		FAILS(EINVAL, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		c.flags = 0;
		c.metadata_len = 8;
		FAILS(EINVAL, ioctl(fd, NVME_IOCTL_ADMIN_CMD, &c));
		FAILS(ENOTTY, ioctl(fd, _IO('N', 0x7f)));

		c = read_one(page, 512);
		GIVES(0, ioctl(fd, NVME_IOCTL_IO_CMD, &c));
		/* LBA Out of Range, DNR */
		c.cdw11 = 1;
		GIVES(0x80, ioctl(fd, NVME_IOCTL_IO_CMD, &c) & 0x7ff);
		c = read_one(page, 512);
		c.nsid = 77;
		FAILS(i ? EINVAL : ENXIO, ioctl(fd, NVME_IOCTL_IO_CMD, &c));
		c = read_one(NULL, 512);
		c.opcode = WRITE;
		FAILS(EFAULT, ioctl(fd, NVME_IOCTL_IO_CMD, &c));
	}
	GIVES(1, ioctl(disk, NVME_IOCTL_ID));
	FAILS(ENOTTY, ioctl(node, NVME_IOCTL_ID));
	FAILS(ENOTTY, ioctl(disk, NVME_IOCTL_RESET));
	FAILS(ENOTTY, ioctl(node, NVME_IOCTL_SUBMIT_IO, &io));
	GIVES(0, ioctl(disk, NVME_IOCTL_SUBMIT_IO, &io));
	io.nblocks = 0xffff;
	FAILS(EINVAL, ioctl(disk, NVME_IOCTL_SUBMIT_IO, &io));
	io.nblocks = 0;
	io.opcode = 0x09;
	FAILS(EINVAL, ioctl(disk, NVME_IOCTL_SUBMIT_IO, &io));

	c = identify(page, PAGE);
	if (seteuid(1))
		exit(1);
	FAILS(EACCES, ioctl(node, NVME_IOCTL_ADMIN_CMD, &c));
	FAILS(EACCES, ioctl(disk, NVME_IOCTL_ADMIN_CMD, &c));
	FAILS(EACCES, ioctl(node, NVME_IOCTL_RESET));
	GIVES(1, ioctl(disk, NVME_IOCTL_ID));
}

static void unbound(int node, int disk)
{
	uint8_t page[PAGE];
	struct nvme_passthru_cmd c = identify(page, PAGE);

	puts("open");
	fflush(stdout);
	while (read(STDIN_FILENO, page, sizeof(page)) > 0)
		;
	FAILS(ENODEV, ioctl(node, NVME_IOCTL_ADMIN_CMD, &c));
	FAILS(ENODEV, ioctl(node, NVME_IOCTL_RESET));
	FAILS(ENODEV, ioctl(disk, NVME_IOCTL_ADMIN_CMD, &c));
	FAILS(ENODEV, ioctl(disk, NVME_IOCTL_ID));
	c = read_one(page, 512);
	FAILS(ENODEV, ioctl(disk, NVME_IOCTL_IO_CMD, &c));
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "edges"))
		edges(open_or_die(argv[2], O_RDWR), open_or_die(argv[3], O_RDWR));
	else if (argc == 4 && !strcmp(argv[1], "unbound"))
		unbound(open_or_die(argv[2], O_RDWR), open_or_die(argv[3], O_RDWR));
	else
		return 2;
	return failed;
}
