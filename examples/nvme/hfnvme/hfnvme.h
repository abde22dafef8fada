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

#include "../../cli/cli.h"
#include "../model/model.h"

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

struct cli_options {
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
	u64 lba, blocks;		/* --offset and --length in blocks */
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

#if HF_CHECKS == HF_CHECKS_OFF
#define HFNVME_CHECKS		"off"
#elif HF_DEBUG
#define HFNVME_CHECKS		"debug"
#else
#define HFNVME_CHECKS		"release"
#endif

/* ---- report.c: progress, signals ---- */

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

void hfnvme_progress_init(struct hfnvme_progress *p, const struct cli_options *o,
			  const char *what, const char *unit, u64 total);
/* Call often: it prints to standard error only when that is due. */
void hfnvme_progress(struct hfnvme_progress *p, u64 done);
/* Clear the line of the terminal, before any message. */
void hfnvme_progress_end(struct hfnvme_progress *p);

/* ---- image.c: the file behind the device ---- */

struct hfnvme_image {
	int fd;				/* -1: memory */
	void *memory;
	u64 size;
	const char *created;		/* its name, if it was created here */
};

/* Open and lock it: 0, or an exit status; the error was reported. */
int hfnvme_image_open(struct hfnvme_image *image, const struct cli_options *o, bool write);
/* Without @keep an image that was created here is removed again. */
void hfnvme_image_close(struct hfnvme_image *image, bool keep);
/* Why a write to the image may have failed, to be appended to a message, or "". */
struct hfnvme_text hfnvme_image_trouble(const struct hfnvme_image *image);

/* ---- the commands ---- */

int hfnvme_identify(const struct cli_options *o);
int hfnvme_read(const struct cli_options *o);
int hfnvme_write(const struct cli_options *o);
int hfnvme_verify(const struct cli_options *o);
int hfnvme_bench(const struct cli_options *o);
int hfnvme_torture(const struct cli_options *o);

#endif /* EXAMPLES_NVME_HFNVME_H */
