// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A process that maps the pages of holdfast_mmap.ko, and does with them what it should not.  It prints what is wrong. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mmap_abi.h"

#define PAGE	4096
#define SIZE	(MMAP_PAGES * PAGE)

#define check(is, wanted)								\
	do {										\
		const long is_ = (is), wanted_ = (wanted);				\
											\
		if (is_ != wanted_) {							\
			printf("%d: %s is %ld, not %ld\n", __LINE__, #is, is_, wanted_);	\
			exit(1);							\
		}									\
	} while (0)
#define gives(call)	((call) < 0 ? -errno : 0)

static int opened(int flags)
{
	const int fd = open("/dev/holdfast_mmap", flags);

	check(gives(fd), 0);
	return fd;
}

/* The address, or a negative errno. */
static void *map(int fd, size_t size, int prot, int flags, off_t offset)
{
	void *const p = mmap(NULL, size, prot, flags, fd, offset);

	return p == MAP_FAILED ? (void *)(long)-errno : p;
}

static long refused(int fd, size_t size, int prot, int flags, off_t offset)
{
	return (long)map(fd, size, prot, flags, offset);
}

static volatile uint32_t *mapped(int fd, size_t size, int prot, int flags, off_t offset)
{
	void *const p = map(fd, size, prot, flags, offset);

	check((long)p < 0 ? (long)p : 0, 0);
	return p;
}

static uint32_t told(int fd)
{
	uint32_t word = 0;

	check(read(fd, &word, sizeof(word)), sizeof(word));
	return word;
}

static void tell(int fd, uint32_t word)
{
	check(write(fd, &word, sizeof(word)), sizeof(word));
}

/* The signal that a write there ends a process by. */
static int killed_by_write(volatile uint32_t *at)
{
	const pid_t child = fork();
	int status;

	if (!child) {
		*at = 1;
		_exit(0);
	}
	check(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void shared(void)
{
	const int fd = opened(O_RDWR);
	volatile uint32_t *const a = mapped(fd, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	volatile uint32_t *const b = mapped(fd, PAGE, PROT_READ, MAP_SHARED, 2 * PAGE);

	for (size_t i = 0; i < SIZE / 4; i++)
		check(a[i], 0);
	a[0] = 5;
	check(told(fd), 5);
	tell(fd, 6);
	check(a[0], 6);
	a[2 * PAGE / 4] = 7;
	check(b[0], 7);
	/* A child has the same pages. */
	check(killed_by_write(a), 0);
	check(told(fd), 1);
	check(gives(munmap((void *)a, PAGE)), 0);
	check(b[0], 7);
	check(a[2 * PAGE / 4], 7);
	/* It does not grow. */
	check(mremap((void *)b, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? -errno : 0, -EFAULT);
	check(gives(mprotect((void *)b, PAGE, PROT_READ | PROT_EXEC)), -EACCES);
	check(gives(mprotect((void *)b, PAGE, PROT_READ | PROT_WRITE)), 0);
	b[0] = 8;
	check(a[2 * PAGE / 4], 8);
}

static void read_only(int flags)
{
	const int fd = opened(O_RDWR), self = open("/proc/self/mem", O_RDWR);
	volatile uint32_t *a;
	uint32_t word = 1;

	check(ioctl(fd, MMAP_READONLY), 0);
	check(refused(fd, SIZE, PROT_WRITE, flags, 0), -EPERM);
	check(refused(fd, SIZE, PROT_READ | PROT_WRITE, flags, 0), -EPERM);
	check(refused(fd, SIZE, PROT_READ | PROT_EXEC, flags, 0), -EPERM);
	a = mapped(fd, SIZE, PROT_READ, flags, 0);
	tell(fd, 6);
	check(a[0], 6);
	check(killed_by_write(a), SIGSEGV);
	check(gives(mprotect((void *)a, SIZE, PROT_READ | PROT_WRITE)), -EACCES);
	check(gives(mprotect((void *)a, SIZE, PROT_READ | PROT_EXEC)), -EACCES);
	/* As a debugger writes. */
	check(pwrite(self, &word, sizeof(word), (off_t)(uintptr_t)a) < 0, 1);
	check(told(fd), 6);
	check(a[0], 6);
}

static void bounds(void)
{
	const int fd = opened(O_RDWR), in = opened(O_RDONLY);
	const int rw = PROT_READ | PROT_WRITE;

	check(refused(fd, SIZE + 1, rw, MAP_SHARED, 0), -EINVAL);
	check(refused(fd, SIZE, rw, MAP_SHARED, PAGE), -EINVAL);
	check(refused(fd, PAGE, rw, MAP_SHARED, SIZE), -EINVAL);
	check(refused(fd, PAGE, rw, MAP_SHARED, (off_t)1 << 62), -EINVAL);
	check(refused(fd, PAGE, rw, MAP_SHARED, -PAGE), -EOVERFLOW);
	check(refused(fd, PAGE, rw, MAP_SHARED, 1), -EINVAL);
	check(refused(fd, PAGE, rw, MAP_PRIVATE, 0), -EPERM);
	check(refused(in, PAGE, rw, MAP_SHARED, 0), -EACCES);
	mapped(fd, SIZE - 1, rw, MAP_SHARED, 0);
	mapped(fd, 1, rw, MAP_SHARED, 2 * PAGE);
}

static void outlives(void)
{
	int fd = opened(O_RDWR), other;
	volatile uint32_t *const a = mapped(fd, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	volatile uint32_t *b;

	a[0] = 41;
	a[PAGE / 4] = 42;
	check(ioctl(fd, MMAP_DROP), 0);
	check(refused(fd, SIZE, PROT_READ, MAP_SHARED, 0), -ENXIO);
	check(a[0], 41);
	/* Others get other pages. */
	for (int i = 0; i < 8; i++) {
		other = opened(O_RDWR);
		b = mapped(other, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
		check(b[0] + b[PAGE / 4], 0);
		for (size_t n = 0; n < SIZE / 4; n++)
			b[n] = 0xffffffff;
		check(close(other), 0);
	}
	check(close(fd), 0);
	check(a[0], 41);
	check(a[PAGE / 4], 42);
	a[0] = 43;
	check(a[0], 43);
	check(gives(munmap((void *)a, SIZE)), 0);
}

int main(void)
{
	shared();
	read_only(MAP_SHARED);
	read_only(MAP_PRIVATE);
	bounds();
	outlives();
	return 0;
}
