/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * hfbinder: a command-line program around binder devices: those of a driver, and those that its own server has.
 *
 * A command is a row in main.c and a function here; an option is one more row there.  All but `serve` are plain clients
 * (client.h), and `cc -D_GNU_SOURCE *.c` builds them for any machine.
 */
#ifndef EXAMPLES_BINDER_HFBINDER_H
#define EXAMPLES_BINDER_HFBINDER_H

#include "client.h"

/* Exit statuses.  Interrupted is 128 + SIGINT, as in a shell. */
#define HFBINDER_OK		0
#define HFBINDER_FAILED		1
#define HFBINDER_USAGE		2
#define HFBINDER_INTERRUPTED	130

struct hfbinder_options {
	const char *device;
	char **args;		/* behind the device */
	int arg_count;
	enum aidl aidl;
	bool oneway;
	bool json;
	bool quiet;
	unsigned int rounds, calls;
	uint64_t seed, commands;	/* 0 commands: as long as @seconds */
	unsigned int seconds;
};

/* Print "hfbinder: " and the message on standard error; returns HFBINDER_FAILED. */
int hfbinder_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Flush standard output: HFBINDER_OK, or an error that was reported. */
int hfbinder_flush_stdout(void);
/* A decimal number, or 0x and a hexadecimal one. */
bool hfbinder_number(const char *text, uint64_t max, uint64_t *value);
/* Open the device, and say what is wrong: an exit status. */
int hfbinder_open(const struct hfbinder_options *o, struct hfb *b);

/* ---- the commands ---- */

int hfbinder_ping(const struct hfbinder_options *o);
int hfbinder_list(const struct hfbinder_options *o);
int hfbinder_call(const struct hfbinder_options *o);
int hfbinder_manager(const struct hfbinder_options *o);
int hfbinder_demo(const struct hfbinder_options *o);
#define HFBINDER_BENCH_DEVICES	4
#define HFBINDER_BENCH_ROUNDS	100
#define HFBINDER_BENCH_CALLS	10000
int hfbinder_bench(const struct hfbinder_options *o);
int hfbinder_torture(const struct hfbinder_options *o);
/* Only where the core is linked in. */
int hfbinder_serve(const struct hfbinder_options *o) __attribute__((weak));

#endif
