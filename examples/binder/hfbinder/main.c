// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The command line: options of each command, help, and error messages. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hfbinder.h"

/* ---- Options ---- */

enum option_id { OPT_AIDL, OPT_ONEWAY, OPT_ROUNDS, OPT_CALLS, OPT_SEED, OPT_SECONDS, OPT_COMMANDS, OPT_JSON, OPT_QUIET, OPT_HELP, OPTIONS };

#define BIT(id)		(1ull << (id))
#define COMMON		(BIT(OPT_QUIET) | BIT(OPT_HELP))

static const struct {
	const char *name;
	char letter;
	const char *arg;		/* NULL: no argument */
	const char *help;
} options[OPTIONS] = {
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

static const struct command {
	const char *name;
	const char *usage;
	const char *summary;
	int (*run)(const struct hfbinder_options *o);
	unsigned long long options;
	int min_args, max_args;		/* behind the device */
	const char *help;
} commands[] = {
	{
		"serve", "PATH [OPTION]...", "serve binder devices in userspace, at PATH",
		hfbinder_serve, COMMON, 0, 0,
		"Run the driver in this process.  PATH, which must not exist, is the device of its clients: hfbinder\n"
		"itself, and any program that is started with LD_PRELOAD=libhfbinder.so.\n"
		"SIGINT or SIGTERM ends it, and removes PATH.\n",
	},
	{
		"manager", "DEVICE [OPTION]...", "be the service manager of a device",
		hfbinder_manager, COMMON, 0, 0,
		"Keep the names of services, until it is ended.  It says 'manages DEVICE' when others can call it.\n"
		"Clients of AIDL get, check, add and list services, in each form that --aidl has elsewhere.\n",
	},
	{
		"ping", "DEVICE [NAME] [OPTION]...", "ask whether a service is there",
		hfbinder_ping, COMMON | BIT(OPT_AIDL), 0, 1,
		"Ping the service manager, or the service NAME, and say how long the answer took.\n",
	},
	{
		"list", "DEVICE [OPTION]...", "list the services that the service manager knows",
		hfbinder_list, COMMON | BIT(OPT_AIDL), 0, 0,
		"Print the names of the services, one a line.\n",
	},
	{
		"call", "DEVICE NAME CODE [ARGUMENT]... [OPTION]...", "call a service, and print what it answers",
		hfbinder_call, COMMON | BIT(OPT_AIDL) | BIT(OPT_ONEWAY), 2, 100,
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
		hfbinder_bench, COMMON | BIT(OPT_ROUNDS) | BIT(OPT_CALLS) | BIT(OPT_JSON), 0, HFBINDER_BENCH_DEVICES - 1,
		"Measure calls with their answers, one-way calls, and calls with a file descriptor, of 1, 4 and 16 pairs of a\n"
		"client and a server process.  The ratio is that of the times of a call, to those of the first device.\n"
		"No DEVICE may have a context manager.  With --json, each round of each row is an object, on a line.\n",
	},
	{
		"demo", "DEVICE [OPTION]...", "a service, its clients, and the death of one of them",
		hfbinder_demo, COMMON, 0, 0,
		"Start a service and several clients, each a process of its own, and compare what the service answers.\n"
		"One client is killed while it calls; the service is told of the end of each.\n"
		"The device must have no service manager: the service is it.\n",
	},
	{
		"torture", "DEVICE [OPTION]...", "use a driver at random, by its rules and against them",
		hfbinder_torture, COMMON | BIT(OPT_SEED) | BIT(OPT_SECONDS) | BIT(OPT_COMMANDS), 0, 0,
		"Let 8 processes of 4 threads call each other, and do what no process should do, and kill them at any time.\n"
		"Then count what they did, and what must be 0: calls that were answered twice or never, deaths that were\n"
		"told twice or never, and more.  DEVICE must not have a context manager, and nobody else may use it.\n",
	},
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

/* ---- Help ---- */

static void print_option(enum option_id id)
{
	char left[40];

	snprintf(left, sizeof(left), "%s%c%s --%s%s%s", options[id].letter ? "-" : " ",
		 options[id].letter ? options[id].letter : ' ', options[id].letter ? "," : " ", options[id].name,
		 options[id].arg ? " " : "", options[id].arg ? options[id].arg : "");
	printf("  %-24s %s\n", left, options[id].help);
}

static int help_command(const struct command *c)
{
	printf("Usage: hfbinder %s %s\n\n%s\nOptions:\n", c->name, c->usage, c->help);
	for (enum option_id id = 0; id < OPTIONS; id++)
		if (c->options & BIT(id))
			print_option(id);
	return hfbinder_flush_stdout();
}

static int help(void)
{
	printf("Usage: hfbinder COMMAND DEVICE [ARGUMENT]... [OPTION]...\n\n"
	       "Talk to a binder device: that of a driver, such as /dev/binder, or that of `hfbinder serve`.\n\n"
	       "Commands:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	printf("\n`hfbinder COMMAND --help` lists the options of a command.\n"
	       "Exit status: 0 success, 1 something failed, 2 bad arguments, 130 interrupted.\n\n"
	       "Example:\n"
	       "  hfbinder serve /tmp/binder &\n"
	       "  hfbinder manager /tmp/binder &\n"
	       "  hfbinder ping /tmp/binder\n");
	return hfbinder_flush_stdout();
}

/* ---- Errors ---- */

int hfbinder_error(const char *format, ...)
{
	va_list args;

	fputs("hfbinder: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return HFBINDER_FAILED;
}

static int usage(const struct command *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int usage(const struct command *c, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "hfbinder%s%s: ", c ? " " : "", c ? c->name : "");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n`hfbinder %s%s--help` says what it takes.\n", c ? c->name : "", c ? " " : "");
	return HFBINDER_USAGE;
}

int hfbinder_flush_stdout(void)
{
	if (fflush(stdout) || ferror(stdout))
		return hfbinder_error("standard output: %s", strerror(errno));
	return HFBINDER_OK;
}

/* ---- Values ---- */

bool hfbinder_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;
	unsigned long long v;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	v = strtoull(text, &end, 0);
	if (errno || *end || v > max)
		return false;
	*value = v;
	return true;
}

int hfbinder_open(const struct hfbinder_options *o, struct hfb *b)
{
	return hfb_open(b, o->device) ? hfbinder_error("%s", b->error) : HFBINDER_OK;
}

static int parse_option(const struct command *c, struct hfbinder_options *o, enum option_id id, const char *value)
{
	uint64_t n;

	switch (id) {
	case OPT_AIDL:
		if (!hfbinder_number(value, AIDL_3, &n) || !n)
			return usage(c, "--aidl: '%s' is not 1, 2 or 3", value);
		o->aidl = (enum aidl)n;
		return 0;
	case OPT_ONEWAY:
		o->oneway = true;
		return 0;
	case OPT_ROUNDS:
		if (!hfbinder_number(value, HFBINDER_BENCH_ROUNDS, &n) || !n)
			return usage(c, "--rounds: '%s' is not a number from 1 to %u", value, HFBINDER_BENCH_ROUNDS);
		o->rounds = (unsigned int)n;
		return 0;
	case OPT_CALLS:
		if (!hfbinder_number(value, HFBINDER_BENCH_CALLS, &n) || n < 16)
			return usage(c, "--calls: '%s' is not a number from 16 to %u", value, HFBINDER_BENCH_CALLS);
		o->calls = (unsigned int)n;
		return 0;
	case OPT_SEED:
		if (!hfbinder_number(value, UINT64_MAX, &o->seed))
			return usage(c, "--seed: '%s' is not a number", value);
		return 0;
	case OPT_SECONDS:
		if (!hfbinder_number(value, 86400, &n) || !n)
			return usage(c, "--seconds: '%s' is not a number from 1 to 86400", value);
		o->seconds = (unsigned int)n;
		return 0;
	case OPT_COMMANDS:
		if (!hfbinder_number(value, UINT64_MAX, &o->commands) || !o->commands)
			return usage(c, "--commands: '%s' is not a positive number", value);
		return 0;
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

/* ---- The command line ---- */

static void getopt_tables(struct option longs[OPTIONS + 1], char shorts[3 * OPTIONS + 2])
{
	*shorts++ = ':';
	for (enum option_id id = 0; id < OPTIONS; id++) {
		longs[id] = (struct option) {
			.name = options[id].name,
			.has_arg = options[id].arg ? required_argument : no_argument,
			.val = 256 + (int)id,
		};
		if (!options[id].letter)
			continue;
		*shorts++ = options[id].letter;
		if (options[id].arg)
			*shorts++ = ':';
	}
	*shorts = '\0';
}

static enum option_id option_of(int got)
{
	enum option_id id;

	if (got >= 256)
		return (enum option_id)(got - 256);
	for (id = 0; id < OPTIONS && options[id].letter != got; id++)
		;
	return id;
}

/* An exit status, or -1 to continue. */
static int parse(const struct command *c, struct hfbinder_options *o, int argc, char **argv)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	char shorts[3 * OPTIONS + 2];
	int got, status;

	getopt_tables(longs, shorts);
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const char *word = argv[optind - 1];
		enum option_id id;

		if (got == ':')
			return usage(c, "%s: its value is missing", word);
		if (got == '?' && optopt && optopt < 256)
			return usage(c, "there is no option -%c", optopt);
		if (got == '?')
			return usage(c, optopt ? "%s: takes no value" : "there is no option %s", word);
		id = option_of(got);
		if (id == OPT_HELP)
			return help_command(c);
		if (!(c->options & BIT(id)))
			return usage(c, "--%s means nothing here", options[id].name);
		status = parse_option(c, o, id, optarg);
		if (status)
			return status;
	}
	if (optind == argc)
		return usage(c, "the name of the device is missing");
	o->device = argv[optind++];
	if (!*o->device)
		return usage(c, "the name of the device is empty");
	o->args = argv + optind;
	o->arg_count = argc - optind;
	if (o->arg_count < c->min_args)
		return usage(c, "an argument is missing: %s", c->usage);
	if (o->arg_count > c->max_args)
		return usage(c, "one argument too many: '%s'", o->args[c->max_args]);
	return -1;
}

/* Or the device would be opened as one of them, and messages written to it. */
static int open_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return HFBINDER_FAILED;
	return HFBINDER_OK;
}

int main(int argc, char **argv)
{
	struct hfbinder_options o = { .aidl = AIDL_2, .rounds = 5, .calls = 1000, .seed = (uint64_t)time(NULL), .seconds = 10 };
	const struct command *c = NULL;
	int status;

	if (open_streams())
		return HFBINDER_FAILED;
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return usage(NULL, "the command is missing");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help();
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			c = &commands[i];
	if (!c && argv[1][0] == '-')
		return usage(NULL, "there is no option %s", argv[1]);
	if (!c)
		return usage(NULL, "there is no command '%s'", argv[1]);
	status = parse(c, &o, argc - 1, argv + 1);
	if (status >= 0)
		return status;
	return c->run ? c->run(&o) : hfbinder_error("%s is not part of this build", c->name);
}
