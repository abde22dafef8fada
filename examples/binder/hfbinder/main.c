// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The command line: options of each command, and help. */
#include <time.h>

#include "hfbinder.h"

/* ---- Options ---- */

enum option_id { OPT_AIDL, OPT_ONEWAY, OPT_ROUNDS, OPT_CALLS, OPT_SEED, OPT_SECONDS, OPT_COMMANDS, OPT_JSON, OPT_QUIET, OPT_HELP, OPTIONS };

#define COMMON		(CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP))

static const struct cli_option options[OPTIONS] = {
	[OPT_AIDL] = { "aidl", 'a', "N", "what the service manager speaks: 1, 2 (default) or 3" },
	[OPT_ONEWAY] = { "oneway", 'o', NULL, "do not wait for an answer" },
	[OPT_ROUNDS] = { "rounds", 'r', "N", "how often each row is measured; default 5, at most 100" },
	[OPT_CALLS] = { "calls", 'c', "N", "calls of a row, of all pairs together; 16 to 10000, default 1000" },
	[OPT_SEED] = { "seed", 's', "N", "choose as another run did; default the time" },
	[OPT_SECONDS] = { "seconds", 't', "N", "how long it takes; default 10, at most 86400" },
	[OPT_COMMANDS] = { "commands", 'n', "N", "how many commands are written, instead of --seconds" },
	[OPT_JSON] = { "json", 'j', NULL, "report as JSON on standard output" },
	[OPT_QUIET] = { "quiet", 'q', NULL, "no progress" },
	[OPT_HELP] = { "help", 'h', NULL, "this text" },
};

/* ---- Commands ---- */

static const struct cli_command commands[] = {
	{
		"serve", "PATH [OPTION]...", "serve binder devices in userspace, at PATH",
		hfbinder_serve, COMMON, 1, 1,
		"Run the driver in this process.  PATH, which must not exist, is the device of its clients: hfbinder\n"
		"itself, and any program that is started with LD_PRELOAD=libhfbinder.so.\n"
		"SIGINT or SIGTERM ends it, and removes PATH.\n",
	},
	{
		"manager", "DEVICE [OPTION]...", "be the service manager of a device",
		hfbinder_manager, COMMON, 1, 1,
		"Keep the names of services, until it is ended.  It says 'manages DEVICE' when others can call it.\n"
		"Clients of AIDL get, check, add and list services, in each form that --aidl has elsewhere.\n",
	},
	{
		"ping", "DEVICE [NAME] [OPTION]...", "ask whether a service is there",
		hfbinder_ping, COMMON | CLI_BIT(OPT_AIDL), 1, 2,
		"Ping the service manager, or the service NAME, and say how long the answer took.\n",
	},
	{
		"list", "DEVICE [OPTION]...", "list the services that the service manager knows",
		hfbinder_list, COMMON | CLI_BIT(OPT_AIDL), 1, 1,
		"Print the names of the services, one a line.\n",
	},
	{
		"call", "DEVICE NAME CODE [ARGUMENT]... [OPTION]...", "call a service, and print what it answers",
		hfbinder_call, COMMON | CLI_BIT(OPT_AIDL) | CLI_BIT(OPT_ONEWAY), 3, 101,
		"Call the service NAME, or the service manager if NAME is 'manager', with the number CODE of a method.\n"
		"Each ARGUMENT is one of\n"
		"  i32 N, i64 N       a number\n"
		"  s16 TEXT           a string\n"
		"  null               the null string\n"
		"  fd FILE            a file, opened for reading\n"
		"  interface NAME     what AIDL has before the arguments\n"
		"The answer is printed as bytes and characters; descriptors that came are named by their files.\n",
	},
	{
		"bench", "DEVICE [DEVICE]... [OPTION]...", "measure calls, on one device or on up to 4 that take turns",
		hfbinder_bench, COMMON | CLI_BIT(OPT_ROUNDS) | CLI_BIT(OPT_CALLS) | CLI_BIT(OPT_JSON), 1, HFBINDER_BENCH_DEVICES,
		"Measure calls with their answers, one-way calls, and calls with a file descriptor, of 1, 4 and 16 pairs of a\n"
		"client and a server process.  The ratio is that of the times of a call, to those of the first device.\n"
		"No DEVICE may have a context manager.  With --json, each round of each row is an object, on a line.\n",
	},
	{
		"demo", "DEVICE [OPTION]...", "a service, its clients, and the death of one of them",
		hfbinder_demo, COMMON, 1, 1,
		"Start a service and several clients, each a process of its own, and compare what the service answers.\n"
		"One client is killed while it calls; the service is told of the end of each.\n"
		"The device must have no service manager: the service is it.\n",
	},
	{
		"torture", "DEVICE [OPTION]...", "use a driver at random, by its rules and against them",
		hfbinder_torture, COMMON | CLI_BIT(OPT_SEED) | CLI_BIT(OPT_SECONDS) | CLI_BIT(OPT_COMMANDS), 1, 1,
		"Let 8 processes of 4 threads call each other, and do what no process should do, and kill them at any time.\n"
		"Then count what they did, and what must be 0: calls that were answered twice or never, deaths that were\n"
		"told twice or never, and more.  DEVICE must not have a context manager, and nobody else may use it.\n",
	},
};

int hfbinder_open(const struct cli_options *o, struct hfb *b)
{
	return hfb_open(b, o->device) ? cli_error("%s", b->error) : CLI_OK;
}

static int parse_option(struct cli_options *o, const struct cli_command *c, unsigned int id, const char *value)
{
	const char *const name = options[id].name;
	unsigned int aidl;
	int status;

	(void)c;
	switch ((enum option_id)id) {
	case OPT_AIDL:
		status = cli_u32(name, value, AIDL_1, AIDL_3, &aidl);
		if (!status)
			o->aidl = (enum aidl)aidl;
		return status;
	case OPT_ONEWAY:
		o->oneway = true;
		return 0;
	case OPT_ROUNDS:
		return cli_u32(name, value, 1, HFBINDER_BENCH_ROUNDS, &o->rounds);
	case OPT_CALLS:
		return cli_u32(name, value, 16, HFBINDER_BENCH_CALLS, &o->calls);
	case OPT_SEED:
		return cli_u64(name, value, 0, &o->seed);
	case OPT_SECONDS:
		return cli_u32(name, value, 1, 86400, &o->seconds);
	case OPT_COMMANDS:
		return cli_u64(name, value, 1, &o->commands);
	case OPT_JSON:
		o->json = true;
		return 0;
	case OPT_QUIET:
		o->quiet = true;
		return 0;
	case OPT_HELP:
	case OPTIONS:
		break;
	}
	return 0;
}

static int check_options(struct cli_options *o, const struct cli_command *c, unsigned long long given, char **args,
			 int arg_count)
{
	(void)c;
	(void)given;
	o->device = args[0];
	o->args = args + 1;
	o->arg_count = arg_count - 1;
	return 0;
}

static const struct cli_program program = {
	.name = "hfbinder",
	.usage = "COMMAND DEVICE [ARGUMENT]... [OPTION]...",
	.about = "Talk to a binder device: that of a driver, such as /dev/binder, or that of `hfbinder serve`.\n",
	.example = "  hfbinder serve /tmp/binder &\n"
		   "  hfbinder manager /tmp/binder &\n"
		   "  hfbinder ping /tmp/binder\n",
	.first_arg = "the name of the device",
	.options = options,
	.option_count = OPTIONS,
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
	.option = parse_option,
	.check = check_options,
};

int main(int argc, char **argv)
{
	struct cli_options o = {
		.aidl = AIDL_2, .rounds = 5, .calls = 1000, .seed = (unsigned long long)time(NULL), .seconds = 10,
	};

	return cli_main(&program, &o, argc, argv);
}
