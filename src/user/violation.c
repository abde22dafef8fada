// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Violations and error names, in userspace. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <holdfast/check.h>
#include <holdfast/result.h>
#include <holdfast/sys/report.h>

const char HF_CHECKS_NAME_ = 0;

const char *hf_violation_kind_name(enum hf_violation_kind kind)
{
	return kind_name(kind);
}

/* An address in terms of the file that it was loaded from. */
struct code {
	char file[4096];
	unsigned long offset;
};

static bool locate(const void *pc, struct code *c)
{
	struct link_map *map;
	Dl_info info;
	ssize_t n;

	/* A program that is linked statically has no map, and the addresses of its file. */
	if (!dladdr1(pc, &info, (void **)&map, RTLD_DL_LINKMAP))
		map = NULL;
	c->offset = (unsigned long)pc - (map ? map->l_addr : 0);
	if (map && *map->l_name)
		return snprintf(c->file, sizeof(c->file), "%s", map->l_name) < (int)sizeof(c->file);
	n = readlink("/proc/self/exe", c->file, sizeof(c->file) - 1);
	c->file[n < 0 ? 0 : n] = '\0';
	return n > 0;
}

/*
 * What addr2line prints of an address: for each function that was inlined there its name, then its line.
 * LLVM's also reads the inlined functions of what Clang has compiled.
 */
static FILE *addr2line(const struct code *c, pid_t *pid)
{
	char llvm[] = "llvm-addr2line", option[] = "-ife", address[32], file[sizeof(c->file)];
	char *const argv[] = { llvm, option, file, address, NULL };
	posix_spawn_file_actions_t actions;
	FILE *answer = NULL;
	int ends[2];

	snprintf(address, sizeof(address), "0x%lx", c->offset);
	strcpy(file, c->file);
	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	if (!posix_spawn_file_actions_init(&actions)) {
		if (!posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) &&
		    !posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) &&
		    (!posix_spawnp(pid, llvm, &actions, NULL, argv, environ) ||
		     !posix_spawnp(pid, llvm + strlen("llvm-"), &actions, NULL, argv, environ)))
			answer = fdopen(ends[0], "r");
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	if (!answer)
		close(ends[0]);
	return answer;
}

/*
 * The place that called @func, a function of a header that was inlined there.  If @func is not among the
 * names, it is the first place outside the headers.  Only if the program has debugging information.
 */
static bool print_source(const struct code *c, const char *func)
{
	char name[256], place[4096 + 32], found[sizeof(name) + sizeof(place) + 8] = "";
	pid_t pid;
	FILE *answer = addr2line(c, &pid);

	if (!answer)
		return false;
	while (fgets(name, sizeof(name), answer) && fgets(place, sizeof(place), answer)) {
		/* Without what the compiler adds to a part or copy of a function: ".cold". */
		name[strcspn(name, ".\n")] = '\0';
		place[strcspn(place, " \n")] = '\0';
		if (!strcmp(name, func))
			*found = '\0';
		else if (!*found && *place != '?' && !strstr(place, "include/holdfast/"))
			snprintf(found, sizeof(found), "%s: %s()", place, name);
	}
	fclose(answer);
	waitpid(pid, NULL, 0);
	fputs(found, stderr);
	return *found;
}

/* Where a report came from; @caller is a return address, and @func, of a header, was inlined there. */
static void print_caller(const void *caller, const char *func)
{
	/* The call may be the last instruction of its function. */
	const char *const pc = (const char *)caller - 1;
	struct code c;

	if (!locate(pc, &c))
		fprintf(stderr, "%p", caller);
	else if (!print_source(&c, func))
		fprintf(stderr, "%s+0x%lx (addr2line -ife %s 0x%lx)", c.file, c.offset, c.file, c.offset);
}

static void print_and_abort(const struct hf_violation_report *r)
{
	const struct hf_violation *v = r->site;
	char text[REPORT_TEXT_SIZE];

	report_text(text, r);
	fputs("holdfast: ", stderr);
	if (v->by_caller)
		print_caller(r->caller, v->func);
	else
		fprintf(stderr, "%s:%d: %s()", v->file, v->line, v->func);
	fprintf(stderr, ": %s\n", text);
	abort();
}

static hf_violation_hook *hook = print_and_abort;

hf_violation_hook *hf_user_set_violation_hook(hf_violation_hook *new_hook)
{
	return __atomic_exchange_n(&hook, new_hook ? new_hook : print_and_abort, __ATOMIC_ACQ_REL);
}

static void report(const struct hf_violation_report *r)
{
	__atomic_load_n(&hook, __ATOMIC_ACQUIRE)(r);
}

/* The operation cannot give an error, so the program ends even if the hook returns. */
static __attribute__((noreturn)) void report_fatal(const struct hf_violation_report *r)
{
	report(r);
	abort();
}

void hf_violation(const struct hf_violation *v)
{
	report(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0) });
}

void hf_violation_fatal(const struct hf_violation *v)
{
	report_fatal(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0) });
}

void hf_violation_index(const struct hf_violation *v, u64 i, u64 len)
{
	report_fatal(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0),
						    .numbers = HF_INDEX_LENGTH, .number = { i, len } });
}

void hf_violation_range(const struct hf_violation *v, u64 from, u64 n, u64 len)
{
	report_fatal(&(struct hf_violation_report){ .site = v, .caller = __builtin_return_address(0),
						    .numbers = HF_FROM_COUNT_LENGTH,
						    .number = { from, n, len } });
}

#if HF_DEBUG
int hf_error_made_(int err, const char *file, int line, const char *func)
{
	static int traced;	/* 0: not known yet, 1: no, 2: yes */
	int how = __atomic_load_n(&traced, __ATOMIC_RELAXED);

	if (!how) {
		const char *wanted = getenv("HF_TRACE_ERRORS");

		how = wanted && *wanted && strcmp(wanted, "0") ? 2 : 1;
		__atomic_store_n(&traced, how, __ATOMIC_RELAXED);
	}
	if (how == 1)
		return err;
	flockfile(stderr);
	fputs("holdfast: ", stderr);
	if (file)
		fprintf(stderr, "%s:%d: %s(): -%s\n", file, line, func, hf_errname(err));
	else {
		print_caller(__builtin_return_address(0), func);
		fprintf(stderr, ": %s(): -%s\n", func, hf_errname(err));
	}
	funlockfile(stderr);
	return err;
}
#endif

const char *hf_errname(int err)
{
	/* -INT_MIN does not exist. */
	const char *name = err < -HF_MAX_ERRNO ? NULL : strerrorname_np(err < 0 ? -err : err);

	return name ? name : "E?";
}
