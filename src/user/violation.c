// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Violations and error names, in userspace. */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <holdfast/check.h>
#include <holdfast/result.h>
#include <holdfast/sys/report.h>

const char *hf_violation_kind_name(enum hf_violation_kind kind)
{
	return kind_name(kind);
}

/*
 * An address in terms of the file that it was loaded from, which addr2line takes.  One less than a
 * return address: the call may be the last instruction of its function.
 */
static void print_caller(const void *caller)
{
	const char *const pc = (const char *)caller - 1;
	char path[4096];
	const char *file;
	struct link_map *map;
	unsigned long offset;
	Dl_info info;
	ssize_t n;

	if (!dladdr1(pc, &info, (void **)&map, RTLD_DL_LINKMAP) || !map) {
		fprintf(stderr, "called at %p", caller);
		return;
	}
	file = map->l_name;
	if (!*file) {
		/* The program itself. */
		n = readlink("/proc/self/exe", path, sizeof(path) - 1);
		path[n < 0 ? 0 : n] = '\0';
		file = n < 0 ? info.dli_fname : path;
	}
	offset = (unsigned long)pc - map->l_addr;
	if (info.dli_sname)
		fprintf(stderr, "%s()+0x%lx, ", info.dli_sname,
			(unsigned long)(pc - (const char *)info.dli_saddr));
	fprintf(stderr, "addr2line -ife %s 0x%lx", file, offset);
}

static void print_and_abort(const struct hf_violation_report *r)
{
	const struct hf_violation *v = r->site;
	char text[REPORT_TEXT_SIZE];

	report_text(text, r);
	if (v->by_caller) {
		fputs("holdfast: ", stderr);
		print_caller(r->caller);
		fprintf(stderr, ": %s\n", text);
	} else {
		fprintf(stderr, "holdfast: %s:%d: %s(): %s\n", v->file, v->line, v->func, text);
	}
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

/* The operation cannot give an error, so a hook that returns does not save it. */
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

const char *hf_errname(int err)
{
	/* Not -err of INT_MIN, which does not exist. */
	const char *name = err < -HF_MAX_ERRNO ? NULL : strerrorname_np(err < 0 ? -err : err);

	return name ? name : "E?";
}
