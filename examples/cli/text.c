// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Lines of text, and JSON.  See cli.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "cli.h"

/* ---- Characters ---- */

/* How many bytes the character has; 0: it is not UTF-8 (RFC 3629: the shortest form, no surrogates). */
static unsigned int decode(const unsigned char *s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned int n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;

	if (!n)
		return 0;
	*code = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	/* The zero that ends the string ends this, too. */
	for (unsigned int i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	return *code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ? 0 : n;
}

/*
 * The character at *@s, which moves behind it: false if it is a control character, or not UTF-8; then it is one byte, and
 * *@code is 0xfffd.
 */
static bool printable(const char **s, uint32_t *code)
{
	const unsigned int n = decode((const unsigned char *)*s, code);

	*s += n ? n : 1;
	if (!n)
		*code = 0xfffd;
	return n && *code >= 0x20 && (*code < 0x7f || *code >= 0xa0);
}

/* ---- Text ---- */

/* In one piece, so that lines of several processes do not mix. */
void cli_vline(FILE *to, const char *prefix, const char *format, va_list args)
{
	char *text = NULL, *line = NULL;
	size_t size;
	FILE *f;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	f = text ? open_memstream(&line, &size) : NULL;
	if (f) {
		fputs(prefix, f);
		for (const char *s = text; *s;) {
			const char *from = s;
			uint32_t code;

			if (printable(&s, &code))
				fwrite(from, 1, (size_t)(s - from), f);
			else
				for (; from < s; from++)
					fprintf(f, "\\x%02x", (unsigned char)*from);
		}
		fputc('\n', f);
		if (fclose(f)) {
			free(line);
			line = NULL;
		}
	}
	if (fputs(line ? line : "out of memory\n", to) < 0 && to == stdout)
		cli_output_errno = errno;
	free(line);
	free(text);
}

void cli_line(FILE *to, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	cli_vline(to, "", format, args);
	va_end(args);
}

/* ---- JSON ---- */

static void json_text(const char *s)
{
	putchar('"');
	while (*s) {
		const char *const from = s;
		uint32_t code;

		if (!printable(&s, &code))
			printf("\\u%04x", code);
		else if (*from == '"' || *from == '\\')
			printf("\\%c", *from);
		else
			fwrite(from, 1, (size_t)(s - from), stdout);
	}
	putchar('"');
}

static bool json_key(struct cli_json *j, const char *key)
{
	if (!j->enabled)
		return false;
	if (j->comma)
		putchar(',');
	if (j->comma && j->one_line)
		putchar(' ');
	if (j->depth && !j->one_line)
		printf("\n%*s", (int)(2 * j->depth), "");
	if (key) {
		json_text(key);
		fputs(": ", stdout);
	}
	j->comma = true;
	return true;
}

void cli_json_open(struct cli_json *j, const char *key)
{
	if (!json_key(j, key))
		return;
	putchar('{');
	j->depth++;
	j->lists &= ~(1u << j->depth);
	j->comma = false;
}

void cli_json_list(struct cli_json *j, const char *key)
{
	if (!json_key(j, key))
		return;
	putchar('[');
	j->depth++;
	j->lists |= 1u << j->depth;
	j->comma = false;
}

void cli_json_close(struct cli_json *j)
{
	const char end = j->lists & 1u << j->depth ? ']' : '}';

	if (!j->enabled)
		return;
	j->depth--;
	if (j->comma && !j->one_line)
		printf("\n%*s", (int)(2 * j->depth), "");
	putchar(end);
	j->comma = true;
	/* Where lines are flushed, this is the write. */
	if (!j->depth && putchar('\n') == EOF)
		cli_output_errno = errno;
}

void cli_json_u64(struct cli_json *j, const char *key, unsigned long long value)
{
	if (json_key(j, key))
		printf("%llu", value);
}

void cli_json_real(struct cli_json *j, const char *key, double value)
{
	if (!json_key(j, key))
		return;
	if (isfinite(value))
		printf("%.6g", value);
	else
		fputs("null", stdout);
}

void cli_json_bool(struct cli_json *j, const char *key, bool value)
{
	if (json_key(j, key))
		fputs(value ? "true" : "false", stdout);
}

void cli_json_string(struct cli_json *j, const char *key, const char *value)
{
	if (json_key(j, key))
		json_text(value);
}
