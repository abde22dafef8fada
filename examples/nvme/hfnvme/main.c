/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The command line: options of each command, help, and error messages.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <holdfast/version.h>

#include "hfnvme.h"


/* ---- Options ---- */

enum option_id {
	OPT_BLOCK_SIZE,
	OPT_QUEUES,
	OPT_DEPTH,
	OPT_IO_SIZE,
	OPT_FILE,
	OPT_INPUT,
	OPT_OUTPUT,
	OPT_PATTERN,
	OPT_OFFSET,
	OPT_LBA,
	OPT_LENGTH,
	OPT_BLOCKS,
	OPT_CREATE,
	OPT_SIZE,
	OPT_FORCE,
	OPT_OPS,
	OPT_COMMANDS,
	OPT_RUNTIME,
	OPT_SEED,
	OPT_FAULTS,
	OPT_TIMEOUT,
	OPT_JSON,
	OPT_QUIET,
	OPT_HELP,
	OPTIONS
};

#define BIT(id)			(1ull << (id))
#define COMMON			(BIT(OPT_BLOCK_SIZE) | BIT(OPT_SEED) | BIT(OPT_FAULTS) | \
				 BIT(OPT_TIMEOUT) | BIT(OPT_JSON) | BIT(OPT_QUIET) | BIT(OPT_HELP))
#define QUEUES			(BIT(OPT_QUEUES) | BIT(OPT_DEPTH) | BIT(OPT_IO_SIZE))
#define RANGE			(BIT(OPT_OFFSET) | BIT(OPT_LBA) | BIT(OPT_LENGTH) | BIT(OPT_BLOCKS))

static const struct {
	const char *name;
	char letter;
	const char *arg;		/* NULL: no argument */
	const char *help;
} options[OPTIONS] = {
	[OPT_BLOCK_SIZE] = { "block-size", 'b', "BYTES",
			     "logical blocks of 512 (default) or 4096 bytes" },
	[OPT_QUEUES] = { "queues", 'q', "N", "I/O queue pairs (default 2)" },
	[OPT_DEPTH] = { "depth", 'd', "N", "commands in flight on each queue pair (default 32)" },
	[OPT_IO_SIZE] = { "io-size", 's', "SIZE", "maximum bytes of a command" },
	[OPT_FILE] = { "file", 'f', "FILE",
		       "source or destination; '-': standard input or output" },
	[OPT_INPUT] = { "input", 'i', "FILE", "the same as --file" },
	[OPT_OUTPUT] = { "output", 'o', "FILE", "the same as --file" },
	[OPT_PATTERN] = { "pattern", 'p', NULL, "data made from --seed instead of a file" },
	[OPT_OFFSET] = { "offset", 0, "SIZE",
			 "start on the device, a multiple of the block size" },
	[OPT_LBA] = { "lba", 0, "N", "the same in blocks" },
	[OPT_LENGTH] = { "length", 'n', "SIZE", "how much (default: to the end)" },
	[OPT_BLOCKS] = { "blocks", 0, "N", "the same in blocks" },
	[OPT_CREATE] = { "create", 0, "SIZE", "create the image, which must not exist" },
	[OPT_SIZE] = { "size", 0, "SIZE",
		       "of a device in memory (default 64M), where no IMAGE is given" },
	[OPT_FORCE] = { "force", 0, NULL, "allow to destroy the content of the image" },
	[OPT_OPS] = { "ops", 0, "KIND",
		      "read, write, randread (default), randwrite, or submit-complete:\n"
		      "the driver alone, on a null controller in its own thread" },
	[OPT_COMMANDS] = { "commands", 'c', "N", "how many commands" },
	[OPT_RUNTIME] = { "runtime", 't', "SECONDS",
			  "for how long (default 5), without --commands" },
	[OPT_SEED] = { "seed", 0, "N", "of the pattern, random choices and faults (default 1)" },
	[OPT_FAULTS] = { "faults", 0, "LIST",
			 "inject faults: none, all, or KIND[=RATE],... in a million" },
	[OPT_TIMEOUT] = { "timeout", 0, "MS", "milliseconds until a command is aborted" },
	[OPT_JSON] = { "json", 'j', NULL, "report as JSON on standard output" },
	[OPT_QUIET] = { "quiet", 0, NULL, "no progress" },
	[OPT_HELP] = { "help", 'h', NULL, "this text" },
};

/* ---- Commands ---- */

struct command {
	const char *name;
	const char *usage;
	const char *summary;
	int (*run)(const struct hfnvme_options *o);
	u64 options;
	bool image_optional;
	const char *help;
};

static const struct command commands[] = {
	{
		"identify",
		"IMAGE [OPTION]...",
		"show the controller and its namespace",
		hfnvme_identify,
		COMMON,
		false,
		"Print the validated Identify data of the controller and of namespace 1.\n",
	},
	{
		"read",
		"IMAGE [OPTION]...",
		"copy from the device to a file",
		hfnvme_read,
		COMMON | QUEUES | RANGE | BIT(OPT_FILE) | BIT(OPT_OUTPUT),
		false,
		"Read --length bytes from --offset on, by default to the end of the device, into FILE\n"
		"or standard output. A length that ends inside a block is allowed.\n",
	},
	{
		"write",
		"IMAGE [OPTION]...",
		"copy from a file to the device",
		hfnvme_write,
		COMMON | QUEUES | RANGE | BIT(OPT_FILE) | BIT(OPT_INPUT) | BIT(OPT_PATTERN) |
			BIT(OPT_CREATE) | BIT(OPT_FORCE),
		false,
		"Write FILE, standard input or a pattern to the device from --offset on, then flush.\n"
		"If the data ends inside a block, the rest of that block is preserved.\n"
		"If anything fails, the blocks that were written are reported, and the exit status is 1.\n",
	},
	{
		"verify",
		"IMAGE [OPTION]...",
		"compare the device with a file",
		hfnvme_verify,
		COMMON | QUEUES | RANGE | BIT(OPT_FILE) | BIT(OPT_INPUT) | BIT(OPT_PATTERN),
		false,
		"Read from --offset on and compare with FILE, standard input or a pattern.\n"
		"Report the first block that differs, and how many differ; exit status 1 if any does.\n",
	},
	{
		"bench",
		"[IMAGE] [OPTION]...",
		"measure commands a second",
		hfnvme_bench,
		COMMON | QUEUES | BIT(OPT_SIZE) | BIT(OPT_FORCE) | BIT(OPT_OPS) |
			BIT(OPT_COMMANDS) | BIT(OPT_RUNTIME),
		true,
		"Measure reads or writes, in sequence or at random, of --io-size bytes (default 4K) on an\n"
		"image or, without one, on a device in memory.\n"
		"With --ops submit-complete no data is transferred: a null controller in the driver's\n"
		"thread completes commands at once, so that only the driver's time is measured.\n",
	},
	{
		"torture",
		"[IMAGE] [OPTION]...",
		"stress the driver on a controller that injects faults",
		hfnvme_torture,
		COMMON | BIT(OPT_QUEUES) | BIT(OPT_DEPTH) | BIT(OPT_CREATE) | BIT(OPT_SIZE) |
			BIT(OPT_FORCE) | BIT(OPT_COMMANDS),
		true,
		"Submit --commands reads, writes, flushes, Write Zeroes and Dataset Managements (default\n"
		"1000000) of all sizes and alignments, from a thread for each queue pair, while the\n"
		"controller injects faults (default: --faults all). Every block has a stamp, by which each\n"
		"read is verified; at the end every block is verified again, without faults.\n"
		"Exit status 0 only if no command was lost or completed twice, no block is corrupt,\n"
		"nothing leaked, and the controller counted no error of the driver.\n"
		"The fault of the nth command of a queue depends on --seed, the queue and n only. Which\n"
		"command that is depends on how the threads run.\n"
		"The content of an existing image is destroyed, which --force must allow.\n",
	},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *const ops_names[] = {
	[HFNVME_OPS_READ]		= "read",
	[HFNVME_OPS_WRITE]		= "write",
	[HFNVME_OPS_RANDREAD]		= "randread",
	[HFNVME_OPS_RANDWRITE]		= "randwrite",
	[HFNVME_OPS_SUBMIT_COMPLETE]	= "submit-complete",
};

const char *hfnvme_ops_name(enum hfnvme_ops ops)
{
	return hf_array_at(ops_names, ops);
}

/* ---- Help ---- */

static void print_option(enum option_id id)
{
	char left[40];
	const char *help = options[id].help;
	size_t line;

	snprintf(left, sizeof(left), "%s%c%s --%s%s%s", options[id].letter ? "-" : " ",
		 options[id].letter ? options[id].letter : ' ', options[id].letter ? "," : " ",
		 options[id].name, options[id].arg ? " " : "",
		 options[id].arg ? options[id].arg : "");
	for (; *help; help += line + (help[line] == '\n')) {
		line = strcspn(help, "\n");
		printf("  %-24s %.*s\n", help == options[id].help ? left : "", (int)line, help);
	}
}

static int help_command(const struct command *c)
{
	printf("Usage: hfnvme %s %s\n\n%s\nOptions:\n", c->name, c->usage, c->help);
	for (enum option_id id = 0; id < OPTIONS; id++)
		if (c->options & BIT(id))
			print_option(id);
	if (c->options & BIT(OPT_FAULTS)) {
		printf("\nFaults:");
		for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++)
			printf("%s%s", k % 5 ? ", " : k ? ",\n  " : "\n  ", nvme_model_fault_name(k));
		putchar('\n');
	}
	printf("\nA SIZE is in bytes, or has a suffix: K, M, G, T are powers of 1024; KB, MB… of 1000.\n");
	return hfnvme_flush_stdout();
}

static int help(void)
{
	printf("Usage: hfnvme COMMAND [IMAGE] [OPTION]...\n\n"
	       "Drive an NVMe controller, embedded in this program, whose medium is the file IMAGE.\n\n"
	       "Commands:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-10s %s\n", commands[i].name, commands[i].summary);
	printf("\n`hfnvme COMMAND --help` lists the options of a command; `hfnvme --version` prints the version.\n"
	       "Exit status: 0 success, 1 something failed, 2 bad arguments, 130 interrupted.\n\n"
	       "Example:\n"
	       "  hfnvme write disk.img --create 64M --input data.bin\n"
	       "  hfnvme read disk.img --length 32M --output back.bin\n");
	return hfnvme_flush_stdout();
}

/* ---- Errors ---- */

static int usage(const struct command *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int usage(const struct command *c, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "hfnvme%s%s: ", c ? " " : "", c ? c->name : "");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n`hfnvme %s%s--help` lists the options.\n", c ? c->name : "",
		c ? " " : "");
	return HFNVME_USAGE;
}

/* ---- Values ---- */

/* A decimal number without a suffix. */
static bool parse_number(const char *s, u64 max, u64 *value)
{
	char *end;
	unsigned long long v;

	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	v = strtoull(s, &end, 0);
	if (errno || *end || v > max)
		return false;
	*value = v;
	return true;
}

/* 4096, 4K, 4KiB, 4KB (4000), 32M… */
static bool parse_size(const char *s, u64 *value)
{
	static const char letters[] = "kmgt";
	const char *letter;
	unsigned long long v;
	char *end;
	u64 base = 1024;

	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno)
		return false;
	if (*end) {
		letter = strchr(letters, tolower((unsigned char)*end));
		end++;
		if (!letter || (*end && strcmp(end, "iB") && strcmp(end, "B")))
			return false;
		if (*end == 'B')
			base = 1000;
		for (; letter >= letters; letter--)
			if (__builtin_mul_overflow(v, base, &v))
				return false;
	}
	/* The maximum of off_t. */
	if (v > (u64)LLONG_MAX)
		return false;
	*value = v;
	return true;
}

/*
 * The rates of "all", in a million commands (the last one in a million Identify commands). Every
 * kind is injected several times in a million commands. Lost commands and fatal errors are rarer,
 * because recovery from them takes long.
 */
static const u32 usual_rates[NVME_MODEL_FAULT_COUNT] = {
	[NVME_MODEL_UNKNOWN_CID]	= 2000,
	[NVME_MODEL_REPEATED_CID]	= 2000,
	[NVME_MODEL_STALE_CID]		= 2000,
	[NVME_MODEL_WRONG_SQID]		= 2000,
	[NVME_MODEL_BAD_SQHD]		= 2000,
	[NVME_MODEL_EARLY_PHASE]	= 2000,
	[NVME_MODEL_LATE_PHASE]		= 1000,
	[NVME_MODEL_RESERVED_STATUS]	= 2000,
	[NVME_MODEL_TORN_ENTRY]		= 1000,
	[NVME_MODEL_LOST_COMMAND]	= 60,
	[NVME_MODEL_CONTROLLER_FATAL]	= 8,
	[NVME_MODEL_OUT_OF_ORDER]	= 5000,
	[NVME_MODEL_INVALID_IDENTIFY]	= 200000,
};

static int parse_fault(const struct command *c, struct hfnvme_options *o, char *word)
{
	char *rate = strchr(word, '=');
	bool all, found = false;
	u64 value = 0;

	if (rate) {
		*rate++ = '\0';
		if (!parse_number(rate, 1000000, &value))
			return usage(
				c,
				"--faults: the rate '%s' of '%s' is not a number from 0 to 1000000, "
				"of faults in a million commands",
				rate, word);
	}
	if (!strcmp(word, "none")) {
		memset(o->rate, 0, sizeof(o->rate));
		return 0;
	}
	all = !strcmp(word, "all");
	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++) {
		if (!all && strcmp(word, nvme_model_fault_name(k)))
			continue;
		hf_array_at(o->rate, k) = rate ? (u32)value : usual_rates[k];
		found = true;
	}
	if (!found)
		return usage(c, "--faults: there is no fault '%s'", word);
	return 0;
}

static int parse_faults(const struct command *c, struct hfnvme_options *o, const char *list)
{
	char text[512];
	char *rest = text, *word;
	u64 sum = 0;

	if (strlen(list) >= sizeof(text))
		return usage(c, "--faults: the list is too long");
	strcpy(text, list);
	memset(o->rate, 0, sizeof(o->rate));
	while ((word = strsep(&rest, ","))) {
		int status = parse_fault(c, o, word);

		if (status)
			return status;
	}
	o->faults = false;
	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++) {
		o->faults |= o->rate[k] != 0;
		sum += o->rate[k];
	}
	if (sum > 1000000)
		return usage(c, "--faults: the rates together are %llu faults in a million commands",
			     (unsigned long long)sum);
	return 0;
}

static int bad_value(const struct command *c, enum option_id id, const char *value,
		     const char *want)
{
	return usage(c, "--%s: '%s' is not %s", options[id].name, value, want);
}

/* A number from low to high, into a u32. */
static int parse_u32(const struct command *c, enum option_id id, const char *s, u32 low, u32 high,
		     u32 *value)
{
	u64 v;

	if (!parse_number(s, high, &v) || v < low)
		return usage(c, "--%s: '%s' is not a number from %u to %u", options[id].name, s,
			     low, high);
	*value = (u32)v;
	return 0;
}

/* What is evaluated after all options are known. */
struct parsed {
	u64 given;			/* BIT(id) */
	u64 lba, blocks;
};

static int parse_file(const struct command *c, struct hfnvme_options *o, enum option_id id,
		      const char *s)
{
	if (o->file && strcmp(o->file, s))
		return usage(c, "--%s: two files, '%s' and '%s'", options[id].name, o->file, s);
	if (!*s)
		return usage(c, "--%s: the name of the file is empty", options[id].name);
	o->file = s;
	return 0;
}

static int parse_option(const struct command *c, struct hfnvme_options *o, struct parsed *p,
			enum option_id id, const char *s)
{
	u64 v = 0;

	switch (id) {
	case OPT_BLOCK_SIZE:
		if (!parse_size(s, &v) || (v != 512 && v != 4096))
			return bad_value(c, id, s, "512 or 4096");
		o->block_size = (u32)v;
		return 0;
	case OPT_QUEUES:
		return parse_u32(c, id, s, 1, 64, &o->queues);
	case OPT_DEPTH:
		return parse_u32(c, id, s, 1, 1023, &o->depth);
	case OPT_TIMEOUT:
		return parse_u32(c, id, s, 10, 3600000, &o->timeout_ms);
	case OPT_IO_SIZE:
		if (!parse_size(s, &v) || !v || v > 2 * HFNVME_MIB || v % 512)
			return bad_value(c, id, s, "a size of 512 bytes to 2M, in whole blocks");
		o->io_size = (u32)v;
		return 0;
	case OPT_FILE:
	case OPT_INPUT:
	case OPT_OUTPUT:
		return parse_file(c, o, id, s);
	case OPT_OFFSET:
		return parse_size(s, &o->offset) ? 0 : bad_value(c, id, s, "a size");
	case OPT_LENGTH:
		o->has_length = true;
		return parse_size(s, &o->length) ? 0 : bad_value(c, id, s, "a size");
	case OPT_LBA:
		return parse_number(s, (u64)LLONG_MAX / 4096, &p->lba) ? 0 :
			bad_value(c, id, s, "the number of a block");
	case OPT_BLOCKS:
		o->has_length = true;
		return parse_number(s, (u64)LLONG_MAX / 4096, &p->blocks) ? 0 :
			bad_value(c, id, s, "a number of blocks");
	case OPT_CREATE:
		return parse_size(s, &o->create) && o->create
			       ? 0
			       : bad_value(c, id, s, "a size, such as 64M");
	case OPT_SIZE:
		return parse_size(s, &o->memory) && o->memory && o->memory <= 1ull << 40 ? 0 :
			bad_value(c, id, s, "a size, such as 64M");
	case OPT_COMMANDS:
		return parse_number(s, (u64)LLONG_MAX, &o->commands) && o->commands ? 0 :
			bad_value(c, id, s, "a number of commands");
	case OPT_SEED:
		return parse_number(s, ~0ull, &o->seed) ? 0 : bad_value(c, id, s, "a number");
	case OPT_RUNTIME: {
		char *end;
		double seconds = strtod(s, &end);

		if (end == s || *end || !(seconds >= 0.001 && seconds <= 1e6))
			return bad_value(c, id, s, "a number of seconds, from 0.001");
		o->runtime_ms = (u64)(seconds * 1000);
		return 0;
	}
	case OPT_OPS:
		for (unsigned int i = 0; i < sizeof(ops_names) / sizeof(ops_names[0]); i++) {
			if (!strcmp(s, ops_names[i])) {
				o->ops = i;
				return 0;
			}
		}
		return bad_value(c, id, s, "read, write, randread, randwrite or submit-complete");
	case OPT_FAULTS:
		return parse_faults(c, o, s);
	case OPT_PATTERN:
		o->pattern = true;
		return 0;
	case OPT_FORCE:
		o->force = true;
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

/* ---- Conflicting options ---- */

static bool given(const struct parsed *p, enum option_id id)
{
	return p->given & BIT(id);
}

static int check_range(const struct command *c, struct hfnvme_options *o, const struct parsed *p)
{
	if (given(p, OPT_OFFSET) && given(p, OPT_LBA))
		return usage(c, "--offset and --lba say the same; give one");
	if (given(p, OPT_LENGTH) && given(p, OPT_BLOCKS))
		return usage(c, "--length and --blocks say the same; give one");
	if (given(p, OPT_LBA))
		o->offset = p->lba * o->block_size;
	if (given(p, OPT_BLOCKS))
		o->length = p->blocks * o->block_size;
	if (o->offset % o->block_size)
		return usage(c, "--offset: %llu is not a multiple of the block size, %u",
			     (unsigned long long)o->offset, o->block_size);
	if (o->has_length && !o->length)
		return usage(c, "--%s: there is nothing to do",
			     given(p, OPT_BLOCKS) ? "blocks" : "length");
	return 0;
}

/* The source or the destination of the data. */
static int check_file(const struct command *c, struct hfnvme_options *o)
{
	bool out = c->options & BIT(OPT_OUTPUT);

	if (o->pattern && o->file)
		return usage(c, "--pattern and '%s' are both said to be the data; give one",
			     o->file);
	if (o->pattern)
		return 0;
	if (!o->file) {
		if (isatty(out ? STDOUT_FILENO : STDIN_FILENO))
			return usage(c, "%s FILE is missing%s", out ? "--output" : "--input",
				     out ? " (or send standard output somewhere)" :
					   ", and standard input is a terminal");
		o->file = "-";
	}
	if (out && o->json && !strcmp(o->file, "-"))
		return usage(
			c,
			"--json and the data would both go to standard output; add --output FILE");
	return 0;
}

static int check_options(const struct command *c, struct hfnvme_options *o, const struct parsed *p)
{
	int status;

	if (o->io_size % o->block_size)
		return usage(c, "--io-size: %u is not a multiple of the block size, %u", o->io_size,
			     o->block_size);
	if (o->create % o->block_size)
		return usage(c, "--create: %llu is not a multiple of the block size, %u",
			     (unsigned long long)o->create, o->block_size);
	if (o->memory % o->block_size)
		return usage(c, "--size: %llu is not a multiple of the block size, %u",
			     (unsigned long long)o->memory, o->block_size);
	if (o->image && given(p, OPT_SIZE))
		return usage(c,
			     "--size is that of a device in memory, but an image is given, '%s'%s",
			     o->image,
			     c->options & BIT(OPT_CREATE) ? "; --create SIZE makes one" : "");
	if (!o->image && given(p, OPT_CREATE))
		return usage(c, "--create: the name of the image is missing");
	status = check_range(c, o, p);
	if (!status && c->options & BIT(OPT_FILE))
		status = check_file(c, o);
	return status;
}

/* ---- The command line ---- */

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

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
static int parse(const struct command *c, struct hfnvme_options *o, int argc, char **argv)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	char shorts[3 * OPTIONS + 2];
	struct parsed p = { 0 };
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
			return usage(c, optopt ? "%s: takes no value" : "there is no option %s",
				     word);
		id = option_of(got);
		if (id == OPT_HELP)
			return help_command(c);
		if (!(c->options & BIT(id)))
			return usage(c, "--%s means nothing here", options[id].name);
		p.given |= BIT(id);
		status = parse_option(c, o, &p, id, optarg);
		if (status)
			return status;
	}
	if (optind < argc)
		o->image = argv[optind++];
	if (optind < argc)
		return usage(c, "one argument too many: '%s'", argv[optind]);
	if (!o->image && !c->image_optional)
		return usage(c, "the name of the image is missing");
	if (o->image && !*o->image)
		return usage(c, "the name of the image is empty");
	status = check_options(c, o, &p);
	return status ? status : -1;
}

int main(int argc, char **argv)
{
	struct hfnvme_options o = {
		.memory = 64 * HFNVME_MIB,
		.block_size = 512,
		.queues = 2,
		.depth = 32,
		.seed = 1,
		.ops = HFNVME_OPS_RANDREAD,
	};
	const struct command *c;
	int status;

	if (argc < 2) {
		usage(NULL, "the command is missing");
		return HFNVME_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		c = argc > 2 ? find_command(argv[2]) : NULL;
		return c ? help_command(c) : help();
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("hfnvme %s (checks: %s)\n", HF_VERSION_STRING,
		       HF_CHECKS == HF_CHECKS_OFF ? "off" : HF_DEBUG ? "debug" : "release");
		return hfnvme_flush_stdout();
	}
	c = find_command(argv[1]);
	if (!c)
		return usage(NULL, *argv[1] == '-' ? "there is no option %s before the command" :
					  "there is no command '%s'", argv[1]);
	o.command = c->name;
	if (c->run == hfnvme_torture) {
		memcpy(o.rate, usual_rates, sizeof(o.rate));
		o.faults = true;
	}
	status = parse(c, &o, argc - 1, argv + 1);
	if (status >= 0)
		return status;
	hfnvme_catch_signals();
	return c->run(&o);
}
