/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * hfbinder: a command-line program around binder devices: those of a driver, and those that its own server has.
 *
 * A command is a row in main.c and a function here; an option is one more row there.  All but `serve` are plain clients
 * (client.h): any C compiler builds the sources here and in ../../cli, for any machine.
 */
#ifndef EXAMPLES_BINDER_HFBINDER_H
#define EXAMPLES_BINDER_HFBINDER_H

#include "../../cli/cli.h"
#include "client.h"

struct cli_options {
	const char *device;
	char **args;		/* behind the device */
	int arg_count;
	enum aidl aidl;
	bool oneway;
	bool json;
	bool quiet;
	unsigned int rounds, calls;
	unsigned long long seed, commands;	/* 0 commands: as long as @seconds */
	unsigned int seconds;
};

/* Open the device, and say what is wrong: an exit status. */
int hfbinder_open(const struct cli_options *o, struct hfb *b);

/* ---- the commands ---- */

int hfbinder_ping(const struct cli_options *o);
int hfbinder_list(const struct cli_options *o);
int hfbinder_call(const struct cli_options *o);
int hfbinder_manager(const struct cli_options *o);
int hfbinder_demo(const struct cli_options *o);
#define HFBINDER_BENCH_DEVICES	4
#define HFBINDER_BENCH_ROUNDS	100
#define HFBINDER_BENCH_CALLS	10000
int hfbinder_bench(const struct cli_options *o);
int hfbinder_torture(const struct cli_options *o);
/* Only where the core is linked in. */
int hfbinder_serve(const struct cli_options *o) __attribute__((weak));

#endif
