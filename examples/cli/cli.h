/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the command-line programs of the examples share: streams, messages, numbers, options, JSON.  Plain C.
 *
 *	struct cli_options { bool json; unsigned long long count; };	whatever a program has
 *
 *	int main(int argc, char **argv)
 *	{
 *		struct cli_options o = { .count = 10 };
 *
 *		return cli_main(&program, &o, argc, argv);
 *	}
 *
 * What a program prints is checked: a text that cannot be written, to standard output or to standard error, makes the
 * exit status 1.  Text has no control characters but the ends of lines, whatever is in the names that it quotes.
 */
#ifndef EXAMPLES_CLI_H
#define EXAMPLES_CLI_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses.  Interrupted is 128 + SIGINT, as in a shell. */
enum { CLI_OK, CLI_FAILED, CLI_USAGE, CLI_INTERRUPTED = 130 };

/* ---- Options and commands ---- */

struct cli_options;	/* the program's own */

struct cli_option {
	const char *name;
	char letter;			/* 0: only the long form */
	const char *arg;		/* NULL: no argument */
	const char *help;		/* may have several lines */
};

#define CLI_BIT(id)	(1ull << (id))

struct cli_command {
	const char *name, *usage, *summary;
	int (*run)(const struct cli_options *o);	/* NULL: not part of this build */
	unsigned long long options;		/* CLI_BIT() of each */
	int min_args, max_args;
	const char *help;
};

struct cli_program {
	const char *name;
	const char *version;		/* NULL: there is no --version */
	const char *usage, *about, *example;
	const char *first_arg;		/* of all commands, such as "the name of the image" */
	const struct cli_option *options;	/* among them "help" */
	unsigned int option_count;
	const struct cli_command *commands;
	unsigned int command_count;
	/* An option of the command line, and then what all mean that were @given: 0, or cli_usage(). */
	int (*option)(struct cli_options *o, const struct cli_command *c, unsigned int id, const char *value);
	int (*check)(struct cli_options *o, const struct cli_command *c, unsigned long long given, char **args, int arg_count);
	void (*more_help)(const struct cli_command *c);	/* NULL: there is none */
};

/* Parse the command line, run the command: the exit status. */
int cli_main(const struct cli_program *program, struct cli_options *o, int argc, char **argv);

/* Say what is wrong with the command line: CLI_USAGE. */
int cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same: "--NAME: 'VALUE' is not WANT". */
int cli_bad_value(const char *name, const char *value, const char *want);

/* ---- Numbers ---- */

/*
 * A number of the command line, decimal or 0x and hexadecimal.  What could mean another one is refused: a sign, a space,
 * or zeroes in front, which are octal elsewhere.
 */
bool cli_number(const char *text, unsigned long long max, unsigned long long *value);
/* The same, or decimal with a suffix: K, M, G, T are powers of 1024, as KiB… are; KB… are of 1000. */
bool cli_size(const char *text, unsigned long long max, unsigned long long *value);
/* Decimal seconds with up to three decimal places, in milliseconds. */
bool cli_seconds(const char *text, unsigned long long max_ms, unsigned long long *ms);
/* The value of --NAME, from @low to @high: 0, or cli_usage(). */
int cli_u32(const char *name, const char *text, uint32_t low, uint32_t high, uint32_t *value);
int cli_u64(const char *name, const char *text, unsigned long long low, unsigned long long *value);

/* ---- Text ---- */

/* A line on standard output or standard error, without its end. */
void cli_line(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_vline(FILE *to, const char *prefix, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
/* "NAME: " and a line on standard error: CLI_FAILED. */
int cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, of what is no failure. */
void cli_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern int cli_output_errno;	/* why it could not be written, if that is known */
/* Flush standard output: CLI_OK, or CLI_FAILED, which was reported. */
int cli_flush(void);
/* The exit status of a program that does not return from main(): @status, or CLI_FAILED if a text was not written. */
int cli_end(int status);

/* ---- JSON on standard output ---- */

/* One value.  Without @enabled the functions do nothing. */
struct cli_json {
	bool enabled;
	bool one_line;
	bool comma;
	unsigned int depth;
	uint32_t lists;			/* bit n: the nth level is a list */
};

/* @key: NULL in a list. */
void cli_json_open(struct cli_json *j, const char *key);
void cli_json_list(struct cli_json *j, const char *key);
void cli_json_close(struct cli_json *j);
void cli_json_u64(struct cli_json *j, const char *key, unsigned long long value);
/* With six digits; null if it is not finite. */
void cli_json_real(struct cli_json *j, const char *key, double value);
void cli_json_bool(struct cli_json *j, const char *key, bool value);
/* Any bytes: what is not UTF-8 becomes U+FFFD. */
void cli_json_string(struct cli_json *j, const char *key, const char *value);

#endif
