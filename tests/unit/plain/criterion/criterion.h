/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The part of Criterion's interface that the test harness uses, for builds in which Criterion does not
 * work.  ThreadSanitizer refuses the memory mappings of Criterion's sandboxes.  Valgrind reports errors in
 * their messaging library, and takes a second for it in each test.
 *
 * Each test runs in a forked child.  It passes if the child ends as the test declares: by an exit status
 * or by a signal.
 */
#ifndef PLAIN_CRITERION_H
#define PLAIN_CRITERION_H

#include <stdbool.h>

struct plain_test {
	const char *suite, *name;
	void (*run)(void);
	struct plain_test *next;
	/* What a test can set, by Criterion's names. */
	void (*init)(void), (*fini)(void);
	int signal, exit_code;
	unsigned int timeout;
	bool disabled;
	bool end_;
};

void plain_register(struct plain_test *test);
/* Records a failure of the running test.  @format is NULL, or a format followed by its arguments. */
void plain_failed(const char *file, int line, const char *what, const char *format, ...);
/* Ends the running test. */
_Noreturn void plain_stop(void);

#define Test(suite_, ...) PLAIN_TEST_(suite_, __VA_ARGS__, .end_ = true)
#define PLAIN_TEST_(suite_, name_, ...)							\
	static void suite_##_##name_##_run(void);					\
	static struct plain_test suite_##_##name_##_test = {				\
		.suite = #suite_, .name = #name_, .run = suite_##_##name_##_run, __VA_ARGS__ };	\
	__attribute__((constructor)) static void suite_##_##name_##_register(void)	\
	{										\
		plain_register(&suite_##_##name_##_test);				\
	}										\
	static void suite_##_##name_##_run(void)

/* cr_expect(condition[, format, ...]) records a failure; cr_assert() also ends the test. */
#define cr_expect(...)									\
	PLAIN_CHECK_((void)0, #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define cr_assert(...)									\
	PLAIN_CHECK_(plain_stop(), #__VA_ARGS__, __VA_ARGS__, (const char *)0)
#define PLAIN_CHECK_(then, text, condition, ...)					\
	do {										\
		if (!(condition)) {							\
			plain_failed(__FILE__, __LINE__, text, __VA_ARGS__);		\
			then;								\
		}									\
	} while (0)

#endif
