/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * As much of Criterion's interface as the test harness uses, for builds where Criterion cannot go:
 * ThreadSanitizer refuses the mappings of its sandboxes, and Valgrind would report, and spend a
 * second on, the messaging library in each of them.
 *
 * Here a test is a forked child: it passes if it ends as it says, by exit or by a signal.
 */
#ifndef PLAIN_CRITERION_H
#define PLAIN_CRITERION_H

#include <stdbool.h>

struct plain_test {
	const char *suite, *name;
	void (*run)(void);
	struct plain_test *next;
	/* What a test may say of itself, by Criterion's names. */
	void (*init)(void), (*fini)(void);
	int signal, exit_code;
	unsigned int timeout;
	bool disabled;
	bool end_;
};

void plain_register(struct plain_test *test);
/* Note a failure of the running test; format is NULL, or a message with its arguments. */
void plain_failed(const char *file, int line, const char *what, const char *format, ...);
/* End the running test, as failed. */
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

/* cr_expect(condition[, format, ...]): note a failure; cr_assert(): also end the test. */
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
