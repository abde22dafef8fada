// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What run.sh does with an input device.
 *
 *	input_user EVENT ids			print the name and the serial, and how long they are
 *	input_user EVENT has TYPE CODE		whether it can report this code
 *	input_user EVENT range CODE		print the smallest and the largest value of an absolute axis
 *	input_user EVENT code TYPE CODE		wait until this code is pressed and released
 *	input_user EVENT leds N			switch an LED on and off, N times
 *	input_user EVENT load			read events and switch LEDs until the device is gone
 *
 * "code" and "load" make the file /tmp/opened when they wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int fd;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void opened(void)
{
	const int made = open("/tmp/opened", O_CREAT | O_WRONLY, 0600);

	must(made >= 0, "/tmp/opened");
	close(made);
}

/* Each text with 0xff behind it, so that a missing 0 and a byte too much show. */
static void ids(void)
{
	char text[256];

	memset(text, 0xff, sizeof(text));
	must(ioctl(fd, EVIOCGNAME(sizeof(text)), text) >= 0, "EVIOCGNAME");
	printf("name %zu %s\n", strnlen(text, sizeof(text)), text);
	memset(text, 0xff, sizeof(text));
	must(ioctl(fd, EVIOCGUNIQ(sizeof(text)), text) >= 0, "EVIOCGUNIQ");
	printf("serial %zu %s\n", strnlen(text, sizeof(text)), text);
}

static int has(unsigned int type, unsigned int code)
{
	unsigned char bits[KEY_CNT / 8 + 1] = { 0 };

	must(ioctl(fd, EVIOCGBIT(type, sizeof(bits)), bits) >= 0, "EVIOCGBIT");
	return bits[code / 8] >> code % 8 & 1;
}

static void wait_for_code(unsigned int type, unsigned int code)
{
	struct input_event e;
	int pressed = 0;

	opened();
	for (;;) {
		must(read(fd, &e, sizeof(e)) == sizeof(e), "read");
		if (e.type != type || e.code != code)
			continue;
		if (e.value == 1)
			pressed = 1;
		if (e.value == 0 && pressed)
			return;
	}
}

static int led(int on)
{
	const struct input_event e[] = {
		{ .type = EV_LED, .code = LED_CAPSL, .value = on },
		{ .type = EV_SYN, .code = SYN_REPORT },
	};

	return write(fd, e, sizeof(e)) == sizeof(e);
}

static void load(void)
{
	struct input_event e;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int n = 0;

	opened();
	while (led(n++ & 1) && poll(&p, 1, 0) >= 0 && !(p.revents & (POLLHUP | POLLERR)))
		if (p.revents & POLLIN && read(fd, &e, sizeof(e)) != sizeof(e))
			break;
	must(errno == ENODEV || p.revents & (POLLHUP | POLLERR), "the device went away by another error");
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	const unsigned int a = argc > 3 ? (unsigned int)atoi(argv[3]) : 0, b = argc > 4 ? (unsigned int)atoi(argv[4]) : 0;

	fd = open(argc > 1 ? argv[1] : "", O_RDWR);
	must(fd >= 0, "open");
	if (!strcmp(what, "ids")) {
		ids();
	} else if (!strcmp(what, "has")) {
		return !has(a, b);
	} else if (!strcmp(what, "range")) {
		struct input_absinfo info;

		must(ioctl(fd, EVIOCGABS(a), &info) >= 0, "EVIOCGABS");
		printf("%d %d\n", info.minimum, info.maximum);
	} else if (!strcmp(what, "code")) {
		wait_for_code(a, b);
	} else if (!strcmp(what, "leds")) {
		for (unsigned int i = 0; i < 2 * a; i++)
			must(led(!(i & 1)), "LED");
	} else if (!strcmp(what, "load")) {
		load();
	} else {
		return 2;
	}
	return 0;
}
