/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Progress, time, and signals.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "hfnvme.h"

#define PROGRESS_AFTER_S	1.0	/* no output before that */
#define PROGRESS_TERMINAL_S	0.1
#define PROGRESS_LINE_S		5.0

struct hfnvme_text hfnvme_bytes(u64 bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	struct hfnvme_text t;
	double v = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		snprintf(t.s, sizeof(t.s), "%u byte%s", (unsigned int)bytes, bytes == 1 ? "" : "s");
		return t;
	}
	while (v >= 1024) {
		v /= 1024;
		unit++;
	}
	/* "32 MiB" is exact; other values have a fraction. */
	if (bytes % ((u64)1024 << (10 * unit)) == 0)
		snprintf(t.s, sizeof(t.s), "%.0f %s", v, units[unit]);
	else
		snprintf(t.s, sizeof(t.s), "%.2f %s", v, units[unit]);
	return t;
}

/* ---- Time and signals ---- */

double hfnvme_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Set on the main thread, read by all. */
static _Atomic int interrupted;

static void on_signal(int sig)
{
	atomic_store_explicit(&interrupted, sig, memory_order_relaxed);
}

bool hfnvme_interrupted(void)
{
	return atomic_load_explicit(&interrupted, memory_order_relaxed) != 0;
}

void hfnvme_catch_signals(void)
{
	/* Once: a second SIGINT ends the program. No SA_RESTART: interrupt blocked system calls. */
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* Who started this program may have blocked them. */
	sigaddset(&sa.sa_mask, SIGINT);
	sigaddset(&sa.sa_mask, SIGTERM);
	pthread_sigmask(SIG_UNBLOCK, &sa.sa_mask, NULL);
	/* Report the file size limit as an error of write(). */
	sa = (struct sigaction) { .sa_handler = SIG_IGN };
	sigaction(SIGXFSZ, &sa, NULL);
}

struct hfnvme_signals hfnvme_signals_off(void)
{
	struct hfnvme_signals s;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &s.old);
	return s;
}

void hfnvme_signals_on(const struct hfnvme_signals *s)
{
	pthread_sigmask(SIG_SETMASK, &s->old, NULL);
}

int hfnvme_thread(pthread_t *thread, void *(*body)(void *arg), void *arg)
{
	struct hfnvme_signals s = hfnvme_signals_off();
	int err = pthread_create(thread, NULL, body, arg);

	hfnvme_signals_on(&s);
	return -err;
}

/* ---- Progress ---- */

void hfnvme_progress_init(struct hfnvme_progress *p, const struct cli_options *o,
			  const char *what, const char *unit, u64 total)
{
	double now = hfnvme_now();

	*p = (struct hfnvme_progress) {
		.what = what,
		.unit = unit,
		.total = total,
		.start = now,
		.last = now,
		.quiet = o->quiet,
		.terminal = isatty(STDERR_FILENO) == 1,
	};
}

static void progress_line(const struct hfnvme_progress *p, u64 done, double seconds)
{
	fprintf(stderr, "%s: ", p->what);
	if (p->unit)
		fprintf(stderr, "%llu %s", (unsigned long long)done, p->unit);
	else
		fprintf(stderr, "%s", hfnvme_bytes(done).s);
	if (p->total)
		fprintf(stderr, ", %u %%", (unsigned int)(100.0 * (double)done / (double)p->total));
	if (p->unit)
		fprintf(stderr, ", %.0f a second", (double)done / seconds);
	else
		fprintf(stderr, ", %.1f MB/s", (double)done / seconds / 1e6);
}

void hfnvme_progress(struct hfnvme_progress *p, u64 done)
{
	double now;

	if (p->quiet)
		return;
	now = hfnvme_now();
	if (now - p->start < PROGRESS_AFTER_S ||
	    now - p->last < (p->terminal ? PROGRESS_TERMINAL_S : PROGRESS_LINE_S))
		return;
	p->last = now;
	p->shown = true;
	if (p->terminal)
		fputc('\r', stderr);
	progress_line(p, done, now - p->start);
	fputs(p->terminal ? "\033[K" : "\n", stderr);
	fflush(stderr);
}

void hfnvme_progress_end(struct hfnvme_progress *p)
{
	if (p->shown && p->terminal)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
