// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A process that uses /dev/hf_eduN: edu_user DEVICE TEST.  It prints what is wrong, and then fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../edu_abi.h"

static const char *device;

#define check(is, wanted)								\
	do {										\
		const long is_ = (is), wanted_ = (wanted);				\
											\
		if (is_ != wanted_) {							\
			printf("%d: %s is %ld, not %ld\n", __LINE__, #is, is_, wanted_);	\
			exit(1);							\
		}									\
	} while (0)

static int opened(int flags)
{
	const int fd = open(device, flags);

	if (fd < 0) {
		perror(device);
		exit(1);
	}
	return fd;
}

/* What the calls give: 0 or a value, or a negative errno. */
static long ask(int fd, uint32_t n)
{
	const ssize_t done = write(fd, &n, sizeof(n));

	return done < 0 ? -errno : done - (ssize_t)sizeof(n);
}

static long answer(int fd)
{
	uint32_t value;
	const ssize_t done = read(fd, &value, sizeof(value));

	return done < 0 ? -errno : done == sizeof(value) ? (long)value : -ENODATA;
}

static long transfer(int fd, uint32_t direction, uint32_t offset, uint32_t length, const void *user)
{
	struct edu_transfer t = {
		.direction = hf_le32(direction),
		.offset = hf_le32(offset),
		.length = hf_le32(length),
		.user = hf_le64((uintptr_t)user),
	};

	return ioctl(fd, EDU_TRANSFER, &t) ? -errno : 0;
}

static void fill(uint8_t *p, size_t n, uint32_t seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)((i + seed) * 2654435761u >> 24);
}

static void values(void)
{
	const int fd = opened(O_RDWR);
	long wanted = 1;

	for (uint32_t n = 0; n <= EDU_MAX_N; n++) {
		wanted *= n ? n : 1;
		check(ask(fd, n), 0);
		check(answer(fd), wanted);
	}
	check(answer(fd), -ENODATA);
	check(ask(fd, 13), -ERANGE);
	check(ask(fd, ~0u), -ERANGE);
	check(write(fd, "x", 1) < 0 ? -errno : 0, -ENODATA);
	check(read(fd, &wanted, 1) < 0 ? -errno : 0, -EINVAL);
	check(write(fd, (void *)8, 4) < 0 ? -errno : 0, -EFAULT);
}

static uint8_t bytes[4096], back[4096];

static void transfers(void)
{
	static const uint32_t of[][2] = { { 0, 1 }, { 0, EDU_BUFFER }, { EDU_BUFFER - 1, 1 }, { 1, 64 }, { 63, 3000 } };
	const int fd = opened(O_RDWR);

	for (uint32_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		fill(bytes, sizeof(bytes), i);
		memset(back, 0xee, sizeof(back));
		check(transfer(fd, EDU_TO_DEVICE, of[i][0], of[i][1], bytes), 0);
		check(transfer(fd, EDU_FROM_DEVICE, of[i][0], of[i][1], back), 0);
		check(memcmp(bytes, back, of[i][1]), 0);
		check(back[of[i][1]], 0xee);
	}
}

static void bad_transfers(void)
{
	const int fd = opened(O_RDWR);
	uint8_t *const page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct edu_transfer t = { .length = hf_le32(1), .reserved = hf_le32(1) };

	munmap(page + 4096, 4096);
	check(transfer(fd, 2, 0, 1, bytes), -ERANGE);
	check(transfer(fd, EDU_TO_DEVICE, 0, 0, bytes), -ERANGE);
	check(transfer(fd, EDU_TO_DEVICE, 0, 4096, bytes), -ERANGE);
	check(transfer(fd, EDU_TO_DEVICE, 1, 4095, bytes), -ERANGE);
	check(transfer(fd, EDU_FROM_DEVICE, 4095, 1, bytes), -ERANGE);
	check(transfer(fd, EDU_FROM_DEVICE, ~0u, 2, bytes), -ERANGE);
	check(transfer(fd, EDU_TO_DEVICE, 2, ~0u, bytes), -ERANGE);
	check(transfer(fd, EDU_TO_DEVICE, 0, 4, (void *)8), -EFAULT);
	check(transfer(fd, EDU_FROM_DEVICE, 0, 4, (void *)8), -EFAULT);
	check(transfer(fd, EDU_TO_DEVICE, 0, 4, (void *)(uintptr_t)0xffffffff81000000u), -EFAULT);
	check(transfer(fd, EDU_FROM_DEVICE, 0, 4, (void *)(uintptr_t)0xffffffff81000000u), -EFAULT);
	check(transfer(fd, EDU_TO_DEVICE, 0, 200, page + 4000), -EFAULT);
	check(ioctl(fd, EDU_TRANSFER, &t) ? -errno : 0, -ERANGE);
	check(ioctl(fd, EDU_TRANSFER, 8) ? -errno : 0, -EFAULT);
	check(ioctl(fd, _IO('e', 1), &t) ? -errno : 0, -ENOTTY);
	check(transfer(fd, EDU_FROM_DEVICE, 0, 4, bytes), 0);
}

static void polls(void)
{
	const int fd = opened(O_RDWR | O_NONBLOCK);
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	check(answer(fd), -ENODATA);
	check(poll(&p, 1, 0), 1);
	check(p.revents, POLLOUT);
	check(ask(fd, 10), 0);
	p.events = POLLIN;
	check(poll(&p, 1, 10000), 1);
	check(p.revents, POLLIN);
	check(answer(fd), 3628800);
}

static void ignore(int signal)
{
	(void)signal;
}

/* A transfer takes QEMU 100 ms.  The signal comes again and again, as the first may come before the wait. */
static void interrupted(void)
{
	const int fd = opened(O_RDWR);
	const struct itimerval soon = { .it_value.tv_usec = 20000, .it_interval.tv_usec = 20000 };
	const struct itimerval never = { 0 };

	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = ignore }, NULL);
	fill(bytes, sizeof(bytes), 1);
	setitimer(ITIMER_REAL, &soon, NULL);
	check(transfer(fd, EDU_TO_DEVICE, 100, 100, bytes), -EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	/* It was done all the same, before this one. */
	check(transfer(fd, EDU_FROM_DEVICE, 100, 100, back), 0);
	check(memcmp(bytes, back, 100), 0);
}

/* With a module that was loaded with timeout_ms=30. */
static void timed_out(void)
{
	const int fd = opened(O_RDWR);
	long err;
	int tries = 0;

	fill(bytes, sizeof(bytes), 2);
	check(transfer(fd, EDU_TO_DEVICE, 100, 100, bytes), -ETIMEDOUT);
	/* This one cannot even begin. */
	check(transfer(fd, EDU_TO_DEVICE, 100, 100, back), -ETIMEDOUT);
	while ((err = ask(fd, 5)) == -ETIMEDOUT && tries++ < 100)
		;
	check(err, 0);
	while ((err = answer(fd)) == -ETIMEDOUT && tries++ < 100)
		;
	check(err, 120);
}

/* Four processes, each with its own open file.  When all are open, /tmp/opened is there. */
static void in_children(void (*fn)(int fd, uint32_t number))
{
	const int fd[] = { opened(O_RDWR), opened(O_RDWR), opened(O_RDWR), opened(O_RDWR) };
	int status, failed = 0;

	close(creat("/tmp/opened", 0600));
	fflush(stdout);
	for (uint32_t i = 0; i < 4; i++) {
		if (!fork()) {
			fn(fd[i], i);
			exit(0);
		}
	}
	while (wait(&status) > 0)
		failed += status != 0;
	check(failed, 0);
}

static void opener(int fd, uint32_t number)
{
	static const long wanted[] = { 5040, 40320, 362880, 3628800 };

	for (uint32_t turn = 0; turn < 5; turn++) {
		fill(bytes, 900, number * 100 + turn);
		check(ask(fd, 7 + number), 0);
		check(transfer(fd, EDU_TO_DEVICE, number * 1000, 900, bytes), 0);
		check(answer(fd), wanted[number]);
		check(transfer(fd, EDU_FROM_DEVICE, number * 1000, 900, back), 0);
		check(memcmp(bytes, back, 900), 0);
	}
}

static void openers(void)
{
	int fd[EDU_OPENERS + 1];

	for (uint32_t i = 0; i < EDU_OPENERS; i++)
		fd[i] = opened(O_RDWR);
	check(open(device, O_RDWR) < 0 ? -errno : 0, -EBUSY);
	for (uint32_t i = 0; i < EDU_OPENERS; i++)
		close(fd[i]);
	in_children(opener);
}

/* Until the device is gone: then it says so, and so does poll(). */
static void loader(int fd, uint32_t number)
{
	struct pollfd p = { .fd = fd };

	fill(bytes, 900, number);
	for (;;) {
		long err = ask(fd, 7);

		if (!err)
			err = answer(fd);
		if (err == 5040 && number & 1)
			err = transfer(fd, EDU_TO_DEVICE, number * 1000, 900, bytes);
		if (!err)
			err = transfer(fd, EDU_FROM_DEVICE, number * 1000, 900, back);
		if (err == -ENODEV)
			break;
		if (err < 0)
			check(err, -ENODEV);
		if (number & 1)
			check(memcmp(bytes, back, 900), 0);
	}
	check(poll(&p, 1, 0), 1);
	check(p.revents, POLLERR | POLLHUP);
	check(ask(fd, 3), -ENODEV);
	check(answer(fd), -ENODEV);
	check(transfer(fd, EDU_TO_DEVICE, 0, 1, bytes), -ENODEV);
}

static void load(void)
{
	in_children(loader);
}

static const struct {
	const char *name;
	void (*fn)(void);
} tests[] = {
	{ "values", values }, { "transfers", transfers }, { "bad_transfers", bad_transfers }, { "polls", polls },
	{ "interrupted", interrupted }, { "timed_out", timed_out }, { "openers", openers }, { "load", load },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (!strcmp(argv[2], tests[i].name)) {
			device = argv[1];
			tests[i].fn();
			return 0;
		}
	}
	return 2;
}
