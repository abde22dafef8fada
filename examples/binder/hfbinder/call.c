// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* ping, list and call. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hfbinder.h"

static int report(const struct cli_options *o, const char *what, int err)
{
	switch (err) {
	case 0:
		return CLI_OK;
	case -EPIPE:
		return cli_error("%s: %s is not there%s", o->device, what,
				      strcmp(what, "the service manager") ? "" : "; `hfbinder manager` is one");
	case -ENOENT:
		return cli_error("%s: the service manager knows no service '%s'; `hfbinder list %s` shows those it knows",
				      o->device, what, o->device);
	case -ECOMM:
		return cli_error("%s: the driver refused the call of %s", o->device, what);
	default:
		return cli_error("%s: %s: %s", o->device, what, strerror(-err));
	}
}

/* The handle of a service, by its name; handle 0 is the service manager. */
static int find(const struct cli_options *o, struct hfb_thread *t, const char *name, uint32_t *handle)
{
	int err;

	*handle = 0;
	if (!strcmp(name, "manager"))
		return CLI_OK;
	err = hfb_find_service(t, o->aidl, name, handle);
	return report(o, err == -ENOENT ? name : "the service manager", err);
}

int hfbinder_ping(const struct cli_options *o)
{
	const char *const name = o->arg_count ? o->args[0] : "manager";
	const struct parcel nothing = { 0 };
	struct timespec begin, end;
	struct hfb_thread t;
	struct parcel reply;
	uint32_t handle;
	struct hfb b;
	int status = hfbinder_open(o, &b);

	if (status)
		return status;
	hfb_thread_init(&t, &b);
	status = find(o, &t, name, &handle);
	if (!status) {
		clock_gettime(CLOCK_MONOTONIC, &begin);
		status = report(o, handle ? name : "the service manager",
				hfb_call(&t, handle, HFB_PING, 0, &nothing, &reply));
		clock_gettime(CLOCK_MONOTONIC, &end);
	}
	if (!status) {
		cli_line(stdout, "%s answers after %.0f us", name,
			 (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3);
		hfb_free_buffer(&t, &reply);
	}
	hfb_thread_end(&t);
	hfb_close(&b);
	return status;
}

/* The names, one a call, until there is none; AIDL 3 has all of them in one reply. */
static int list(const struct cli_options *o, struct hfb_thread *t)
{
	int32_t index = 0, left = 1;
	int err = 0;

	while (left && !err) {
		struct parcel send = { 0 }, reply;

		parcel_put_header(&send, o->aidl, MANAGER_INTERFACE);
		if (o->aidl < AIDL_3)
			parcel_put_i32(&send, index++);
		if (o->aidl > AIDL_1)
			parcel_put_i32(&send, MANAGER_DUMP_ALL);
		err = hfb_call(t, 0, MANAGER_LIST, 0, &send, &reply);
		parcel_free(&send);
		if (err)
			break;
		if (o->aidl == AIDL_3) {
			err = parcel_get_i32(&reply);
			left = err ? 0 : parcel_get_i32(&reply);
		} else if (reply.status) {
			left = 0;
		}
		for (; left > 0 && !err; left -= o->aidl == AIDL_3) {
			char *const name = parcel_get_string16(&reply);

			if (!name)
				err = -EPROTO;
			else
				cli_line(stdout, "%s", name);
			free(name);
			if (o->aidl < AIDL_3)
				break;
		}
		hfb_free_buffer(t, &reply);
	}
	return err;
}

int hfbinder_list(const struct cli_options *o)
{
	struct hfb_thread t;
	struct hfb b;
	int status = hfbinder_open(o, &b);

	if (status)
		return status;
	hfb_thread_init(&t, &b);
	status = report(o, "the service manager", list(o, &t));
	hfb_thread_end(&t);
	hfb_close(&b);
	return status;
}

/* ---- call ---- */

static bool number(const char *text, unsigned long long max, int64_t *value)
{
	const bool minus = *text == '-';
	unsigned long long v;

	if (!cli_number(text + minus, max + minus, &v))
		return false;
	*value = (int64_t)(minus ? -v : v);
	return true;
}

static int put_argument(const struct cli_options *o, struct parcel *p, const char *word, const char *value)
{
	int64_t n = 0;
	int fd;

	if (!strcmp(word, "i32") || !strcmp(word, "i64")) {
		const bool wide = word[1] == '6';

		if (!number(value, wide ? INT64_MAX : INT32_MAX, &n))
			return cli_usage("%s: '%s' is not %s", word, value, wide ? "a number of 64 bits" : "a number of 32 bits");
		if (wide)
			parcel_put_i64(p, n);
		else
			parcel_put_i32(p, (int32_t)n);
	} else if (!strcmp(word, "s16")) {
		parcel_put_string16(p, value);
	} else if (!strcmp(word, "interface")) {
		parcel_put_header(p, o->aidl, value);
	} else {
		fd = open(value, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return cli_error("%s: %s", value, strerror(errno));
		parcel_put_fd(p, fd);
	}
	return CLI_OK;
}

static int put_arguments(const struct cli_options *o, struct parcel *p)
{
	static const char *const words[] = { "i32", "i64", "s16", "interface", "fd", "null" };

	for (int i = 2; i < o->arg_count; i++) {
		const char *const word = o->args[i];
		size_t k = 0;
		int status;

		while (k < 6 && strcmp(word, words[k]))
			k++;
		if (k == 6)
			return cli_usage("ARGUMENT: '%s' is not i32, i64, s16, null, fd or interface", word);
		if (k == 5) {
			parcel_put_string16(p, NULL);
			continue;
		}
		if (++i == o->arg_count)
			return cli_usage("%s: its value is missing", word);
		status = put_argument(o, p, word, o->args[i]);
		if (status)
			return status;
	}
	return CLI_OK;
}

static void print_bytes(const struct parcel *p)
{
	for (size_t at = 0; at < p->size; at += 16) {
		const size_t n = p->size - at < 16 ? p->size - at : 16;

		printf("%04zx ", at);
		for (size_t i = 0; i < 16; i++)
			printf(i < n ? " %02x" : "   ", i < n ? p->data[at + i] : 0);
		printf("  ");
		for (size_t i = 0; i < n; i++)
			putchar(isprint(p->data[at + i]) ? p->data[at + i] : '.');
		putchar('\n');
	}
}

static void print_objects(const struct parcel *p)
{
	for (size_t i = 0; i < p->objects; i++) {
		struct flat_binder_object o;
		char path[64], name[256];
		ssize_t n;

		if (p->offsets[i] > p->size || p->size - p->offsets[i] < sizeof(o))
			continue;
		memcpy(&o, p->data + p->offsets[i], sizeof(o));
		printf("object at %" PRIx64 ": ", (uint64_t)p->offsets[i]);
		if (o.hdr.type == BINDER_TYPE_HANDLE) {
			printf("handle %u\n", o.handle);
		} else if (o.hdr.type == BINDER_TYPE_FD) {
			snprintf(path, sizeof(path), "/proc/self/fd/%u", o.handle);
			n = readlink(path, name, sizeof(name));
			cli_line(stdout, "descriptor %u, %.*s", o.handle, n < 0 ? 0 : (int)n, name);
		} else {
			printf("type %08x\n", o.hdr.type);
		}
	}
}

int hfbinder_call(const struct cli_options *o)
{
	struct parcel send = { 0 }, reply = { 0 };
	struct hfb_thread t;
	uint32_t handle;
	unsigned long long code;
	struct hfb b;
	int status;

	if (!cli_number(o->args[1], UINT32_MAX, &code))
		return cli_usage("CODE: '%s' is not the number of a method", o->args[1]);
	status = put_arguments(o, &send);
	if (!status)
		status = hfbinder_open(o, &b);
	if (status) {
		parcel_free(&send);
		return status;
	}
	hfb_thread_init(&t, &b);
	status = find(o, &t, o->args[0], &handle);
	if (!status)
		status = report(o, handle ? o->args[0] : "the service manager",
				hfb_call(&t, handle, (uint32_t)code, o->oneway ? TF_ONE_WAY : 0, &send, &reply));
	parcel_free(&send);
	if (!status && reply.status)
		status = cli_error("%s answers with the status %d (%s)", o->args[0], reply.status,
					strerror(-reply.status));
	else if (!status)
		print_bytes(&reply), print_objects(&reply);
	hfb_free_buffer(&t, &reply);
	hfb_thread_end(&t);
	hfb_close(&b);
	return status;
}
