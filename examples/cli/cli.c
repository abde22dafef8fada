// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Streams, messages, and the command line.  See cli.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli.h"

static const struct cli_program *program;
static const struct cli_command *command;	/* NULL: not known yet */
static bool output_failed;			/* which was reported */

int cli_output_errno;

/* ---- Streams ---- */

/*
 * A stream that is closed would become the next file that is opened, and messages would be written into it.  What takes its
 * place refuses to be read or written.
 */
static int reserve_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		/* Not open(), of which GCC's analyzer says that nobody closes it. */
		if (fcntl(fd, F_GETFD) < 0 && syscall(SYS_openat, AT_FDCWD, "/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return CLI_FAILED;
	/* A closed pipe is an error of write(). */
	signal(SIGPIPE, SIG_IGN);
	return CLI_OK;
}

int cli_flush(void)
{
	if (fflush(stdout))
		cli_output_errno = errno;
	else if (!ferror(stdout))
		return CLI_OK;
	if (!output_failed)
		cli_error("standard output: %s", cli_output_errno ? strerror(cli_output_errno) :
			  "not all of it could be written");
	output_failed = true;
	return CLI_FAILED;
}

int cli_end(int status)
{
	/* There is nowhere to say that standard error failed. */
	if ((cli_flush() || ferror(stderr)) && status == CLI_OK)
		return CLI_FAILED;
	return status;
}

/* ---- Messages ---- */

static void message(const char *name, const char *format, va_list args)
{
	char prefix[64];

	snprintf(prefix, sizeof(prefix), "%s%s%s: ", program->name, *name ? " " : "", name);
	cli_vline(stderr, prefix, format, args);
}

int cli_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("", format, args);
	va_end(args);
	return CLI_FAILED;
}

void cli_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("", format, args);
	va_end(args);
}

int cli_usage(const char *format, ...)
{
	const char *const name = command ? command->name : "";
	va_list args;

	va_start(args, format);
	message(name, format, args);
	va_end(args);
	cli_line(stderr, "`%s %s%s--help` lists the options.", program->name, name, *name ? " " : "");
	return CLI_USAGE;
}

int cli_bad_value(const char *name, const char *value, const char *want)
{
	return cli_usage("--%s: '%s' is not %s", name, value, want);
}

/* ---- Help ---- */

static void print_option(const struct cli_option *o)
{
	const char *help = o->help;
	char left[40];
	size_t line;

	snprintf(left, sizeof(left), "%s%c%s --%s%s%s", o->letter ? "-" : " ", o->letter ? o->letter : ' ',
		 o->letter ? "," : " ", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
	for (; *help; help += line + (help[line] == '\n')) {
		line = strcspn(help, "\n");
		printf("  %-24s %.*s\n", help == o->help ? left : "", (int)line, help);
	}
}

static void help_command(void)
{
	printf("Usage: %s %s %s\n\n%s\nOptions:\n", program->name, command->name, command->usage, command->help);
	for (unsigned int id = 0; id < program->option_count; id++)
		if (command->options & CLI_BIT(id))
			print_option(&program->options[id]);
	if (program->more_help)
		program->more_help(command);
}

static void print_help(void)
{
	printf("Usage: %s %s\n\n%s\nCommands:\n", program->name, program->usage, program->about);
	for (unsigned int i = 0; i < program->command_count; i++)
		printf("  %-10s %s\n", program->commands[i].name, program->commands[i].summary);
	printf("\n`%s COMMAND --help` lists the options of a command%s%s%s.\n"
	       "Exit status: 0 success, 1 something failed, 2 bad arguments, 130 interrupted.\n\n"
	       "A number is decimal, or 0x and hexadecimal.\n\nExample:\n%s",
	       program->name, program->version ? "; `" : "", program->version ? program->name : "",
	       program->version ? " --version` prints the version" : "", program->example);
}

/* ---- The command line ---- */

enum { OPTIONS_MAX = 64 };	/* bits of cli_command.options */

static void getopt_tables(struct option longs[OPTIONS_MAX + 1], char shorts[2 * OPTIONS_MAX + 2])
{
	*shorts++ = ':';
	for (unsigned int id = 0; id < program->option_count; id++) {
		const struct cli_option *const o = &program->options[id];

		longs[id] = (struct option) {
			.name = o->name, .has_arg = o->arg ? required_argument : no_argument, .val = 256 + (int)id,
		};
		if (!o->letter)
			continue;
		*shorts++ = o->letter;
		if (o->arg)
			*shorts++ = ':';
	}
	*shorts = '\0';
}

static unsigned int option_of(int got)
{
	unsigned int id = 0;

	if (got >= 256)
		return (unsigned int)got - 256;
	while (program->options[id].letter != got)
		id++;
	return id;
}

/* An exit status, or -1 to continue. */
static int parse(struct cli_options *o, int argc, char **argv)
{
	struct option longs[OPTIONS_MAX + 1] = { { 0 } };
	char shorts[2 * OPTIONS_MAX + 2];
	unsigned long long given = 0;
	int got, status;

	getopt_tables(longs, shorts);
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const char *const word = argv[optind - 1];
		unsigned int id;

		if (got == ':')
			return cli_usage("%s: its value is missing", word);
		if (got == '?' && optopt && optopt < 256)
			return cli_usage("there is no option -%c", optopt);
		if (got == '?')
			return cli_usage(optopt ? "%s: takes no value" : "there is no option %s", word);
		id = option_of(got);
		if (!strcmp(program->options[id].name, "help")) {
			help_command();
			return CLI_OK;
		}
		if (!(command->options & CLI_BIT(id)))
			return cli_usage("--%s means nothing here", program->options[id].name);
		given |= CLI_BIT(id);
		status = program->option(o, command, id, optarg);
		if (status)
			return status;
	}
	argv += optind;
	argc -= optind;
	if (!argc && command->min_args)
		return cli_usage("%s is missing", program->first_arg);
	if (argc && !*argv[0])
		return cli_usage("%s is empty", program->first_arg);
	if (argc < command->min_args)
		return cli_usage("an argument is missing: %s", command->usage);
	if (argc > command->max_args)
		return cli_usage("one argument too many: '%s'", argv[command->max_args]);
	status = program->check(o, command, given, argv, argc);
	return status ? status : -1;
}

static const struct cli_command *find_command(const char *name)
{
	for (unsigned int i = 0; i < program->command_count; i++)
		if (!strcmp(name, program->commands[i].name))
			return &program->commands[i];
	return NULL;
}

static int run(struct cli_options *o, int argc, char **argv)
{
	const char *const word = argc > 1 ? argv[1] : "";
	int status;

	if (argc < 2)
		return cli_usage("the command is missing");
	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		command = argc > 2 ? find_command(argv[2]) : NULL;
		if (command)
			help_command();
		else
			print_help();
		return CLI_OK;
	}
	if (program->version && (!strcmp(word, "--version") || !strcmp(word, "-V"))) {
		puts(program->version);
		return CLI_OK;
	}
	command = find_command(word);
	if (!command)
		return cli_usage(*word == '-' ? "there is no option %s before the command" : "there is no command '%s'", word);
	status = parse(o, argc - 1, argv + 1);
	if (status >= 0)
		return status;
	return command->run ? command->run(o) : cli_error("%s is not part of this build", command->name);
}

int cli_main(const struct cli_program *p, struct cli_options *o, int argc, char **argv)
{
	program = p;
	return reserve_streams() ? CLI_FAILED : cli_end(run(o, argc, argv));
}
