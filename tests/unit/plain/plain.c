/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The test runner of plain/criterion/criterion.h.
 *
 *	unit-tests [--list | --filter PATTERN]
 *
 * The last line of output is `N passed, N failed`.
 */
#include <criterion/criterion.h>

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT	100	/* seconds, for a test that sets none */
#define FAILED	97	/* exit status of a child that recorded a failure */

static struct plain_test *tests;
static bool failed;

/* Sorts the tests by suite and name, as constructors run in no defined order. */
void plain_register(struct plain_test *test)
{
	struct plain_test **at = &tests;

	while (*at) {
		int order = strcmp((*at)->suite, test->suite);

		if (order > 0 || (order == 0 && strcmp((*at)->name, test->name) > 0))
			break;
		at = &(*at)->next;
	}
	test->next = *at;
	*at = test;
}

void plain_failed(const char *file, int line, const char *what, const char *format, ...)
{
	va_list args;

	failed = true;
	fprintf(stderr, "%s:%d: %s", file, line, what);
	if (format) {
		fputs(": ", stderr);
		va_start(args, format);
		vfprintf(stderr, format, args);
		va_end(args);
	}
	fputc('\n', stderr);
}

/* exit(), not _exit(), so that the sanitizers look for leaks. */
void plain_stop(void)
{
	exit(failed ? FAILED : 0);
}

static void run_child(const struct plain_test *test)
{
	alarm(test->timeout ? test->timeout : TIMEOUT);
	if (test->init)
		test->init();
	test->run();
	if (test->fini)
		test->fini();
	plain_stop();
}

static bool run(const struct plain_test *test)
{
	int status;
	pid_t child;
	bool ok;

	fflush(NULL);
	child = fork();
	if (child == 0)
		run_child(test);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}
	if (WIFSIGNALED(status))
		ok = WTERMSIG(status) == test->signal;
	else
		ok = test->signal == 0 && WEXITSTATUS(status) == test->exit_code;
	if (ok)
		return true;
	printf("[FAIL] %s::%s: ", test->suite, test->name);
	if (WIFSIGNALED(status))
		printf("%s\n", strsignal(WTERMSIG(status)));
	else
		printf("exit status %d\n", WEXITSTATUS(status));
	return false;
}

static void list_tests(void)
{
	for (const struct plain_test *t = tests; t; ) {
		const struct plain_test *end = t;
		int n = 0;

		for (; end && strcmp(end->suite, t->suite) == 0; end = end->next)
			n++;
		printf("%s: %d test%s\n", t->suite, n, n == 1 ? "" : "s");
		for (; t != end; t = t->next)
			printf("%s %s\n", t->next == end ? "`--" : "|--", t->name);
	}
}

static bool selected(const struct plain_test *test, const char *filter)
{
	char name[256];

	snprintf(name, sizeof(name), "%s/%s", test->suite, test->name);
	return !filter || fnmatch(filter, name, 0) == 0;
}

int main(int argc, char **argv)
{
	const char *filter = NULL;
	int good = 0, bad = 0;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		list_tests();
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "--filter") == 0) {
		filter = argv[2];
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s [--list | --filter PATTERN]\n", argv[0]);
		return 2;
	}
	for (const struct plain_test *t = tests; t; t = t->next) {
		if (!selected(t, filter) || t->disabled)
			continue;
		if (run(t))
			good++;
		else
			bad++;
	}
	printf("%d passed, %d failed\n", good, bad);
	return bad || !good;
}
