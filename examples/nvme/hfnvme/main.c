/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The command line: options of each command, and help.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <holdfast/version.h>

#include "hfnvme.h"

#define SIZE_LIMIT	((u64)LLONG_MAX)	/* of off_t */

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

#define COMMON			(CLI_BIT(OPT_BLOCK_SIZE) | CLI_BIT(OPT_SEED) | \
				 CLI_BIT(OPT_FAULTS) | CLI_BIT(OPT_TIMEOUT) | \
				 CLI_BIT(OPT_JSON) | CLI_BIT(OPT_QUIET) | CLI_BIT(OPT_HELP))
#define QUEUES			(CLI_BIT(OPT_QUEUES) | CLI_BIT(OPT_DEPTH) | CLI_BIT(OPT_IO_SIZE))
#define RANGE			(CLI_BIT(OPT_OFFSET) | CLI_BIT(OPT_LBA) | CLI_BIT(OPT_LENGTH) | \
				 CLI_BIT(OPT_BLOCKS))

static const struct cli_option options[OPTIONS] = {
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

static const struct cli_command commands[] = {
	{
		"identify",
		"IMAGE [OPTION]...",
		"show the controller and its namespace",
		hfnvme_identify,
		COMMON,
		1, 1,
		"Print the validated Identify data of the controller and of namespace 1.\n",
	},
	{
		"read",
		"IMAGE [OPTION]...",
		"copy from the device to a file",
		hfnvme_read,
		COMMON | QUEUES | RANGE | CLI_BIT(OPT_FILE) | CLI_BIT(OPT_OUTPUT),
		1, 1,
		"Read --length bytes from --offset on, by default to the end of the device, into FILE\n"
		"or standard output. A length that ends inside a block is allowed.\n",
	},
	{
		"write",
		"IMAGE [OPTION]...",
		"copy from a file to the device",
		hfnvme_write,
		COMMON | QUEUES | RANGE | CLI_BIT(OPT_FILE) | CLI_BIT(OPT_INPUT) | CLI_BIT(OPT_PATTERN) |
			CLI_BIT(OPT_CREATE) | CLI_BIT(OPT_FORCE),
		1, 1,
		"Write FILE, standard input or a pattern to the device from --offset on, then flush.\n"
		"If the data ends inside a block, the rest of that block is preserved.\n"
		"If anything fails, the blocks that were written are reported, and the exit status is 1.\n",
	},
	{
		"verify",
		"IMAGE [OPTION]...",
		"compare the device with a file",
		hfnvme_verify,
		COMMON | QUEUES | RANGE | CLI_BIT(OPT_FILE) | CLI_BIT(OPT_INPUT) | CLI_BIT(OPT_PATTERN),
		1, 1,
		"Read from --offset on and compare with FILE, standard input or a pattern.\n"
		"Report the first block that differs, and how many differ; exit status 1 if any does.\n",
	},
	{
		"bench",
		"[IMAGE] [OPTION]...",
		"measure commands a second",
		hfnvme_bench,
		COMMON | QUEUES | CLI_BIT(OPT_SIZE) | CLI_BIT(OPT_FORCE) | CLI_BIT(OPT_OPS) |
			CLI_BIT(OPT_COMMANDS) | CLI_BIT(OPT_RUNTIME),
		0, 1,
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
		COMMON | CLI_BIT(OPT_QUEUES) | CLI_BIT(OPT_DEPTH) | CLI_BIT(OPT_CREATE) | CLI_BIT(OPT_SIZE) |
			CLI_BIT(OPT_FORCE) | CLI_BIT(OPT_COMMANDS),
		0, 1,
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

/* ---- Values ---- */

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

static int parse_fault(struct cli_options *o, char *word)
{
	char *rate = strchr(word, '=');
	bool all, found = false;
	u64 value = 0;

	if (rate) {
		*rate++ = '\0';
		if (!cli_number(rate, 1000000, &value))
			return cli_usage("--faults: the rate '%s' of '%s' is not a number from 0 to 1000000, "
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
		return cli_usage("--faults: there is no fault '%s'", word);
	return 0;
}

static int parse_faults(struct cli_options *o, const char *list)
{
	char text[512];
	char *rest = text, *word;
	u64 sum = 0;

	if (strlen(list) >= sizeof(text))
		return cli_usage("--faults: the list is too long");
	strcpy(text, list);
	memset(o->rate, 0, sizeof(o->rate));
	while ((word = strsep(&rest, ","))) {
		int status = parse_fault(o, word);

		if (status)
			return status;
	}
	o->faults = false;
	for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++) {
		o->faults |= o->rate[k] != 0;
		sum += o->rate[k];
	}
	if (sum > 1000000)
		return cli_usage("--faults: the rates together are %llu faults in a million commands",
			     (unsigned long long)sum);
	return 0;
}

static int parse_file(struct cli_options *o, enum option_id id, const char *s)
{
	if (o->file && strcmp(o->file, s))
		return cli_usage("--%s: two files, '%s' and '%s'", options[id].name, o->file, s);
	if (!*s)
		return cli_usage("--%s: the name of the file is empty", options[id].name);
	o->file = s;
	return 0;
}

static int parse_option(struct cli_options *o, const struct cli_command *c, unsigned int id,
			const char *s)
{
	const char *const name = hf_array_at(options, id).name;
	u64 v = 0;

	(void)c;
	switch ((enum option_id)id) {
	case OPT_BLOCK_SIZE:
		if (!cli_size(s, 4096, &v) || (v != 512 && v != 4096))
			return cli_bad_value(name, s, "512 or 4096");
		o->block_size = (u32)v;
		return 0;
	case OPT_QUEUES:
		return cli_u32(name, s, 1, 64, &o->queues);
	case OPT_DEPTH:
		return cli_u32(name, s, 1, 1023, &o->depth);
	case OPT_TIMEOUT:
		return cli_u32(name, s, 10, 3600000, &o->timeout_ms);
	case OPT_IO_SIZE:
		if (!cli_size(s, 2 * HFNVME_MIB, &v) || !v || v % 512)
			return cli_bad_value(name, s, "a size of 512 bytes to 2M, in whole blocks");
		o->io_size = (u32)v;
		return 0;
	case OPT_FILE:
	case OPT_INPUT:
	case OPT_OUTPUT:
		return parse_file(o, id, s);
	case OPT_OFFSET:
		return cli_size(s, SIZE_LIMIT, &o->offset) ? 0 : cli_bad_value(name, s, "a size");
	case OPT_LENGTH:
		o->has_length = true;
		return cli_size(s, SIZE_LIMIT, &o->length) ? 0 : cli_bad_value(name, s, "a size");
	case OPT_LBA:
		return cli_number(s, SIZE_LIMIT / 4096, &o->lba) ? 0 :
			cli_bad_value(name, s, "the number of a block");
	case OPT_BLOCKS:
		o->has_length = true;
		return cli_number(s, SIZE_LIMIT / 4096, &o->blocks) ? 0 :
			cli_bad_value(name, s, "a number of blocks");
	case OPT_CREATE:
		return cli_size(s, SIZE_LIMIT, &o->create) && o->create ? 0 :
			cli_bad_value(name, s, "a size, such as 64M");
	case OPT_SIZE:
		return cli_size(s, 1ull << 40, &o->memory) && o->memory ? 0 :
			cli_bad_value(name, s, "a size, such as 64M");
	case OPT_COMMANDS:
		return cli_u64(name, s, 1, &o->commands);
	case OPT_SEED:
		return cli_u64(name, s, 0, &o->seed);
	case OPT_RUNTIME:
		return cli_seconds(s, 1000000000, &o->runtime_ms) && o->runtime_ms ? 0 :
			cli_bad_value(name, s, "a number of seconds, from 0.001");
	case OPT_OPS:
		for (unsigned int i = 0; i < sizeof(ops_names) / sizeof(ops_names[0]); i++) {
			if (!strcmp(s, ops_names[i])) {
				o->ops = i;
				return 0;
			}
		}
		return cli_bad_value(name, s, "read, write, randread, randwrite or submit-complete");
	case OPT_FAULTS:
		return parse_faults(o, s);
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

static int check_range(struct cli_options *o, u64 given)
{
	if (given & CLI_BIT(OPT_OFFSET) && given & CLI_BIT(OPT_LBA))
		return cli_usage("--offset and --lba say the same; give one");
	if (given & CLI_BIT(OPT_LENGTH) && given & CLI_BIT(OPT_BLOCKS))
		return cli_usage("--length and --blocks say the same; give one");
	if (given & CLI_BIT(OPT_LBA))
		o->offset = o->lba * o->block_size;
	if (given & CLI_BIT(OPT_BLOCKS))
		o->length = o->blocks * o->block_size;
	if (o->offset % o->block_size)
		return cli_usage("--offset: %llu is not a multiple of the block size, %u",
			     (unsigned long long)o->offset, o->block_size);
	if (o->has_length && !o->length)
		return cli_usage("--%s: there is nothing to do",
			     given & CLI_BIT(OPT_BLOCKS) ? "blocks" : "length");
	return 0;
}

/* The source or the destination of the data. */
static int check_file(struct cli_options *o, const struct cli_command *c)
{
	bool out = c->options & CLI_BIT(OPT_OUTPUT);

	if (o->pattern && o->file)
		return cli_usage("--pattern and '%s' are both said to be the data; give one",
			     o->file);
	if (o->pattern)
		return 0;
	if (!o->file) {
		if (isatty(out ? STDOUT_FILENO : STDIN_FILENO))
			return cli_usage("%s FILE is missing%s", out ? "--output" : "--input",
				     out ? " (or send standard output somewhere)" :
					   ", and standard input is a terminal");
		o->file = "-";
	}
	if (out && o->json && !strcmp(o->file, "-"))
		return cli_usage("--json and the data would both go to standard output; add --output FILE");
	return 0;
}

static int check_options(struct cli_options *o, const struct cli_command *c, u64 given, char **args,
			 int arg_count)
{
	int status;

	o->command = c->name;
	o->image = arg_count ? args[0] : NULL;
	if (c->run == hfnvme_torture && !(given & CLI_BIT(OPT_FAULTS))) {
		memcpy(o->rate, usual_rates, sizeof(o->rate));
		o->faults = true;
	}
	if (o->io_size % o->block_size)
		return cli_usage("--io-size: %u is not a multiple of the block size, %u", o->io_size,
			     o->block_size);
	if (o->create % o->block_size)
		return cli_usage("--create: %llu is not a multiple of the block size, %u",
			     (unsigned long long)o->create, o->block_size);
	if (o->memory % o->block_size)
		return cli_usage("--size: %llu is not a multiple of the block size, %u",
			     (unsigned long long)o->memory, o->block_size);
	if (o->image && given & CLI_BIT(OPT_SIZE))
		return cli_usage("--size is that of a device in memory, but an image is given, '%s'%s",
			     o->image,
			     c->options & CLI_BIT(OPT_CREATE) ? "; --create SIZE makes one" : "");
	if (!o->image && given & CLI_BIT(OPT_CREATE))
		return cli_usage("--create: the name of the image is missing");
	status = check_range(o, given);
	if (!status && c->options & CLI_BIT(OPT_FILE))
		status = check_file(o, c);
	return status;
}

/* ---- The program ---- */

static void list_faults(const struct cli_command *c)
{
	if (c->options & CLI_BIT(OPT_FAULTS)) {
		printf("\nFaults:");
		for (unsigned int k = 0; k < NVME_MODEL_FAULT_COUNT; k++)
			printf("%s%s", k % 5 ? ", " : k ? ",\n  " : "\n  ", nvme_model_fault_name(k));
		putchar('\n');
	}
	printf("\nA SIZE is in bytes, or has a suffix: K, M, G, T are powers of 1024; KB, MB… of 1000.\n");
}

static const struct cli_program program = {
	.name = "hfnvme",
	.version = "hfnvme " HF_VERSION_STRING " (checks: " HFNVME_CHECKS ")",
	.usage = "COMMAND [IMAGE] [OPTION]...",
	.about = "Drive an NVMe controller, embedded in this program, whose medium is the file IMAGE.\n",
	.example = "  hfnvme write disk.img --create 64M --input data.bin\n"
		   "  hfnvme read disk.img --length 32M --output back.bin\n",
	.first_arg = "the name of the image",
	.options = options,
	.option_count = OPTIONS,
	.commands = commands,
	.command_count = sizeof(commands) / sizeof(commands[0]),
	.option = parse_option,
	.check = check_options,
	.more_help = list_faults,
};

int main(int argc, char **argv)
{
	struct cli_options o = {
		.memory = 64 * HFNVME_MIB,
		.block_size = 512,
		.queues = 2,
		.depth = 32,
		.seed = 1,
		.ops = HFNVME_OPS_RANDREAD,
	};

	hfnvme_catch_signals();
	return cli_main(&program, &o, argc, argv);
}
