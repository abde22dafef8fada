// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Numbers of the command line.  See cli.h. */
#include <limits.h>
#include <string.h>

#include "cli.h"

/* -1: it is none. */
static int digit(char c, unsigned int base)
{
	static const char digits[] = "0123456789abcdef";
	const char *const at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at && at < digits + base ? (int)(at - digits) : -1;
}

/* The digits at *@text, which moves behind them; false: there are none, or zeroes in front, or too many. */
static bool digits(const char **text, unsigned int base, unsigned long long *value)
{
	const char *s = *text;
	int d;

	*value = 0;
	if (base == 10 && s[0] == '0' && digit(s[1], 10) >= 0)
		return false;
	for (; (d = digit(*s, base)) >= 0; s++)
		if (__builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, (unsigned long long)d, value))
			return false;
	if (s == *text)
		return false;
	*text = s;
	return true;
}

bool cli_number(const char *text, unsigned long long max, unsigned long long *value)
{
	const bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	unsigned long long v;

	text += hex ? 2 : 0;
	if (!digits(&text, hex ? 16 : 10, &v) || *text || v > max)
		return false;
	*value = v;
	return true;
}

bool cli_size(const char *text, unsigned long long max, unsigned long long *value)
{
	static const char units[] = "KMGT", small[] = "kmgt";
	const char *unit;
	unsigned int base;
	unsigned long long v;

	if (cli_number(text, max, value))
		return true;
	if (!digits(&text, 10, &v) || !*text)
		return false;
	unit = strchr(units, *text);
	if (!unit && strchr(small, *text))
		unit = units + (strchr(small, *text) - small);
	if (!unit)
		return false;
	text++;
	if (*text && strcmp(text, "iB") && strcmp(text, "B"))
		return false;
	base = *text == 'B' ? 1000 : 1024;
	for (; unit >= units; unit--)
		if (__builtin_mul_overflow(v, base, &v))
			return false;
	if (v > max)
		return false;
	*value = v;
	return true;
}

bool cli_seconds(const char *text, unsigned long long max_ms, unsigned long long *ms)
{
	unsigned long long v;

	if (!digits(&text, 10, &v) || __builtin_mul_overflow(v, 1000, &v))
		return false;
	if (*text == '.') {
		unsigned int unit = 1000;

		for (text++; unit > 1 && digit(*text, 10) >= 0; text++) {
			unit /= 10;
			if (__builtin_add_overflow(v, unit * (unsigned int)digit(*text, 10), &v))
				return false;
		}
		if (unit == 1000)
			return false;
	}
	if (*text || v > max_ms)
		return false;
	*ms = v;
	return true;
}

int cli_u64(const char *name, const char *text, unsigned long long low, unsigned long long *value)
{
	unsigned long long v;

	if (!cli_number(text, ULLONG_MAX, &v) || v < low)
		return low ? cli_usage("--%s: '%s' is not a number from %llu on", name, text, low) :
			     cli_bad_value(name, text, "a number");
	*value = v;
	return 0;
}

int cli_u32(const char *name, const char *text, uint32_t low, uint32_t high, uint32_t *value)
{
	unsigned long long v;

	if (!cli_number(text, high, &v) || v < low)
		return cli_usage("--%s: '%s' is not a number from %u to %u", name, text, low, high);
	*value = (uint32_t)v;
	return 0;
}
