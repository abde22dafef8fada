/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * hfnvme: a command-line program around the NVMe driver example.
 *
 * Each command runs the portable driver core (../nvme.h) on a controller: the model
 * (../model/model.h) with an image file, or, to measure the driver alone, the null controller
 * (../bench/null.h).
 */
#ifndef EXAMPLES_NVME_HFNVME_H
#define EXAMPLES_NVME_HFNVME_H

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include <holdfast/holdfast.h>

#include "../model/model.h"

/* Exit statuses. Interrupted is 128 + SIGINT, as in a shell. */
#define HFNVME_OK		0
#define HFNVME_FAILED		1
#define HFNVME_USAGE		2
#define HFNVME_INTERRUPTED	130

#define HFNVME_KIB		1024u
#define HFNVME_MIB		(1024u * 1024u)

/* ---- main.c: arguments ---- */

enum hfnvme_ops {
	HFNVME_OPS_READ,
	HFNVME_OPS_WRITE,
	HFNVME_OPS_RANDREAD,
	HFNVME_OPS_RANDWRITE,
	HFNVME_OPS_SUBMIT_COMPLETE,
};

struct hfnvme_options {
	const char *command;
	const char *image;		/* NULL: memory, where the command allows it */
	const char *file; /* --file; "-" is standard input or output; NULL: not given */
	bool json;
	bool force;
	bool quiet;
	bool pattern;			/* --pattern: data made from --seed, not from a file */
	bool has_length;
	u64 create;			/* bytes; 0: the image must be there */
	u64 memory;			/* bytes of a device in memory */
	u32 block_size;
	u32 queues;			/* queue pairs */
	u32 depth;			/* commands outstanding on each */
	u32 threads;
	u32 io_size; /* bytes a command; 0: what the device takes, at most 128 KiB */
	u64 offset;			/* bytes */
	u64 length;			/* bytes */
	u64 seed;
	u64 commands;			/* 0: not given */
	u64 runtime_ms;			/* 0: not given */
	u32 timeout_ms;			/* 0: not given */
	enum hfnvme_ops ops;
	u32 rate[NVME_MODEL_FAULT_COUNT];	/* faults in a million commands */
	bool faults;			/* a rate is not 0 */
};

const char *hfnvme_ops_name(enum hfnvme_ops ops);

/* ---- report.c: messages, progress, JSON ---- */

/* Print "hfnvme: " and the message on standard error; returns HFNVME_FAILED. */
int hfnvme_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Print a note. */
void hfnvme_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "32 MiB", "1.5 KiB", "17 bytes"; in a buffer of the caller's. */
struct hfnvme_text {
	char s[96];
};
struct hfnvme_text hfnvme_bytes(u64 bytes);

double hfnvme_now(void);		/* seconds, monotonic */

/* After SIGINT or SIGTERM: finish what is in flight, report, exit. */
bool hfnvme_interrupted(void);
void hfnvme_catch_signals(void);
/*
 * pthread_create() with all signals blocked: the main thread handles them, because it may be
 * blocked in a read of standard input.
 */
int hfnvme_thread(pthread_t *thread, void *(*body)(void *arg), void *arg);
/* Block all signals, and restore the mask, around code that starts threads. */
struct hfnvme_signals {
	sigset_t old;
};
struct hfnvme_signals hfnvme_signals_off(void);
void hfnvme_signals_on(const struct hfnvme_signals *s);

struct hfnvme_progress {
	const char *what;		/* "writing" */
	const char *unit;		/* NULL: bytes */
	u64 total;			/* 0: not known */
	double start;
	double last;
	bool quiet;
	bool terminal;
	bool shown;
};

void hfnvme_progress_init(struct hfnvme_progress *p, const struct hfnvme_options *o,
			  const char *what, const char *unit, u64 total);
/* Call often: it prints to standard error only when that is due. */
void hfnvme_progress(struct hfnvme_progress *p, u64 done);
/* Clear the line of the terminal, before any message. */
void hfnvme_progress_end(struct hfnvme_progress *p);

/* A JSON object on standard output, if enabled; else these do nothing. */
struct hfnvme_json {
	bool enabled;
	bool comma;
	unsigned int depth;
	u32 lists;			/* bit n: the nth level is a list */
};

void hfnvme_json_open(struct hfnvme_json *j, const char *key);
void hfnvme_json_list(struct hfnvme_json *j, const char *key);
void hfnvme_json_close(struct hfnvme_json *j);
void hfnvme_json_u64(struct hfnvme_json *j, const char *key, u64 value);
void hfnvme_json_real(struct hfnvme_json *j, const char *key, double value);
void hfnvme_json_bool(struct hfnvme_json *j, const char *key, bool value);
void hfnvme_json_string(struct hfnvme_json *j, const char *key, const char *value);

/* Flush standard output: HFNVME_OK, or an error that was reported. */
int hfnvme_flush_stdout(void);

/* ---- image.c: the file behind the device ---- */

struct hfnvme_image {
	int fd;				/* -1: memory */
	void *memory;
	u64 size;
};

/* 0, or an exit status; the error was reported. */
int hfnvme_image_open(struct hfnvme_image *image, const struct hfnvme_options *o, bool write);
void hfnvme_image_close(struct hfnvme_image *image);
/* Why a write to the image may have failed, to be appended to a message, or "". */
struct hfnvme_text hfnvme_image_trouble(const struct hfnvme_image *image);

/* ---- the commands ---- */

int hfnvme_identify(const struct hfnvme_options *o);
int hfnvme_read(const struct hfnvme_options *o);
int hfnvme_write(const struct hfnvme_options *o);
int hfnvme_verify(const struct hfnvme_options *o);
int hfnvme_bench(const struct hfnvme_options *o);
int hfnvme_torture(const struct hfnvme_options *o);

#endif /* EXAMPLES_NVME_HFNVME_H */
