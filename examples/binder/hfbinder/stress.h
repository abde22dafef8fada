/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Processes that use a binder driver at random, by its rules and against them, and check what it tells them.
 *
 * The same code is driven by a fuzzer's bytes on the core (fuzz/), by a generator in threads on the core (torture.c),
 * and in processes on a device file.  Each process keeps a model of what it holds: handles, buffers, watches, calls.
 * Where it breaks the rules, the model says what it does not know any more, and that is not checked.
 *
 *	a call		gets one answer: a reply, or a failure
 *	a transaction	is delivered at most once; the reply is that to the innermost call
 *	a one-way call	waits until the buffer of the one before is free
 *	a death		is told at most once; and once if the node's process has died, and the request still stood
 *	a freeze	of a process is told at most as often as it was frozen or thawed, and not before the last one is known;
 *			what is told last is what is so
 *	a cleared watch	of either kind is confirmed once
 *	counts		of a node are 0 in the end, and its process was told so
 */
#ifndef EXAMPLES_BINDER_STRESS_H
#define EXAMPLES_BINDER_STRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STRESS_NODES = 4, STRESS_HANDLES = 48, STRESS_BUFFERS = 32, STRESS_WATCHES = 64, STRESS_STACK = 16, STRESS_ACKS = 64,
	STRESS_OBJECTS = 6, STRESS_SERIALS = 1 << 16, STRESS_LIVES = 1 << 16, STRESS_PROCESSES = 16,
};

/* Where choices come from: the bytes, or, if there are none, a generator that begins with @random. */
struct choices {
	const uint8_t *bytes;
	size_t left;
	uint64_t random;
};
/* A number below @n. */
uint32_t choose(struct choices *c, uint32_t n);

#define STRESS_COUNTS(X)											\
	X(COMMANDS, "commands") X(CALLS, "calls") X(REPLIES, "replies") X(FAILED, "failed") X(ONEWAY, "one-way")	\
	X(DELIVERED, "delivered") X(FILES, "descriptors") X(ASKED, "watches asked for")		\
	X(DEATHS, "deaths told") X(FREEZES, "freezes told") X(CLEARED, "cleared") X(FROZEN, "frozen")		\
	X(KILLED, "processes killed")
/* What must be 0. */
#define STRESS_WRONGS(X)											\
	X(TWICE_ANSWERED, "answers without a call") X(NEVER_ANSWERED, "calls without an answer")		\
	X(TWICE_DELIVERED, "transactions delivered twice") X(WRONG_REPLY, "replies to another call")		\
	X(TWICE_TOLD, "told too often") X(NEVER_TOLD, "never told") X(WRONG_STATE, "wrong states told")	\
	X(NEVER_CLEARED, "clearances never confirmed") X(UNASKED, "told what nobody asked for")			\
	X(REFUSED, "refused what is right")									\
	X(UNORDERED, "one-way calls beside each other") X(WRONG_DATA, "wrong data") X(WRONG_NODE, "wrong nodes or counts") \
	X(COUNTS_LEFT, "counts left") X(UNKNOWN_RETURN, "unknown returns") X(UNKNOWN_ERROR, "unknown errors")

#define STRESS_ID(id, text)	STRESS_##id,
enum stress_count { STRESS_COUNTS(STRESS_ID) STRESS_COUNT };
enum stress_wrong { STRESS_WRONGS(STRESS_ID) STRESS_WRONG };
extern const char *const stress_count_names[STRESS_COUNT], *const stress_wrong_names[STRESS_WRONG];

/* What those who watch a process were told of it; it is not known if others may be freezing or thawing it. */
enum stress_state { STRESS_IS_THAWED, STRESS_IS_FROZEN, STRESS_IS_UNKNOWN };

/* What all processes share: zeroed memory. */
struct stress_world {
	bool exact;			/* one call at a time: what is told is told in order */
	bool hostile;
	bool stopped;			/* no more calls, only what ends those there are */
	uint32_t places;		/* how many processes there are at a time */
	uint32_t serial, life;		/* the last ones */
	uint32_t pids[STRESS_PROCESSES];
	uint32_t changes[STRESS_PROCESSES];	/* how often somebody began to freeze or to thaw it ... */
	uint32_t changed[STRESS_PROCESSES];	/* ... and was done */
	uint8_t frozen[STRESS_PROCESSES];	/* an enum stress_state */
	uint64_t counts[STRESS_COUNT], wrong[STRESS_WRONG];
	uint8_t seen[STRESS_SERIALS];
	uint8_t place[STRESS_LIVES];	/* of a process, among those above */
	uint8_t dead[STRESS_LIVES];	/* processes that have ended, and all that follows of it is done */
};

/* What a process wants to know of another. */
enum stress_kind { STRESS_DEATH, STRESS_FREEZE, STRESS_KINDS };

struct stress_watch {
	uint32_t life;			/* of that process */
	uint32_t number;		/* of the handle */
	bool used, clearing, cleared, forgotten;
	bool told;			/* of a freeze: and it has not said yet that it knows */
	/* Of a freeze: */
	bool frozen;			/* it was told so last */
	uint32_t times, changes;	/* it was told so often; how many changes were done when it asked */
};

struct stress_handle {
	uint32_t number;
	uint32_t life;			/* of the process of the node; 0: unknown */
	int32_t strong, weak;		/* own counts */
	int32_t held_strong, held_weak;	/* by buffers */
	uint32_t watch[STRESS_KINDS];	/* 1 + that which is asked for; 0: none */
	bool used, unsure;
};

struct stress_buffer {
	uint64_t address;		/* 0: none */
	int oneway;			/* to which node; -1: none */
	unsigned int objects;
	struct { uint32_t number; bool strong; } held[STRESS_OBJECTS];
};

struct stress_process {
	struct stress_world *world;
	void *file;			/* of the host */
	uint32_t life, pid, place;
	bool manages, blocks, lossy, unsure_nodes;
	uint64_t mapping;
	size_t mapped;
	pthread_mutex_t lock;		/* of what follows */
	pthread_cond_t changed;
	struct stress_handle handles[STRESS_HANDLES];
	struct stress_watch watches[STRESS_KINDS][STRESS_WATCHES];
	struct stress_buffer buffers[STRESS_BUFFERS];
	struct { bool weak, strong, busy; } nodes[STRESS_NODES];
	int busy;			/* threads that wait for an answer, or owe one */
};

enum stress_sent { STRESS_CALL, STRESS_ONEWAY_CALL, STRESS_REPLY };

struct stress_thread {
	struct stress_process *process;
	struct choices *choices;
	uint32_t tid;
	bool calls;			/* not only serves */
	bool untidy, is_busy;
	unsigned int depth;
	struct { uint32_t serial; bool own; } stack[STRESS_STACK];
	unsigned int sent;		/* transactions that are not confirmed yet */
	struct { enum stress_sent kind; uint32_t serial; } queue[STRESS_STACK];
	uint32_t asked;			/* 1 + the death that its last command asked for; 0: it was another one */
	unsigned int acks;		/* what it was told and shall confirm */
	struct { uint32_t command; uint64_t value[2]; } ack[STRESS_ACKS];
	/* what it writes next */
	uint8_t commands[4096];
	size_t size;
	unsigned int effects;
	struct { size_t at; uint32_t command, number, index; } effect[96];
	uint8_t data[8192];
	size_t used;
	uint8_t told[1024];
};

/* The host: system calls of a process, which give an errno or 0; and somebody waits for something to read. */
int stress_open(struct stress_process *p);
int stress_map(struct stress_process *p, size_t size);
int stress_ioctl(struct stress_thread *t, unsigned int command, void *argument);
void stress_wait(struct stress_thread *t);
/* Something is wrong; it is counted already. */
void stress_report(enum stress_wrong wrong, const char *text);

/* Begin a process: open, map, and manage if its @place is the first.  An errno or 0. */
int stress_begin(struct stress_world *w, struct stress_process *p, struct choices *c, uint32_t place);
/* The process thaws itself, when nobody freezes any more: those who watch it must be told so. */
void stress_thaw(struct stress_process *p);
/*
 * What the driver has told the process of its nodes, when nobody reads any more: threads do not see in the same order what
 * they read at the same time.
 */
void stress_look_up_nodes(struct stress_process *p);
void stress_thread_begin(struct stress_process *p, struct stress_thread *t, struct choices *c, uint32_t tid, bool calls);
/* BINDER_THREAD_EXIT, with the lock held: the driver forgets the thread. */
void stress_thread_end(struct stress_thread *t);
/* A system call or two, at random; then, if there was nothing to do, it waits. */
void stress_step(struct stress_thread *t);
/* Read, answer, free and confirm what there is; release what is held if @all.  False: there was nothing to do. */
bool stress_settle(struct stress_thread *t, bool all);
/* Whether it has called, and is not answered yet. */
bool stress_awaits_answer(const struct stress_thread *t);
/* Whether the process waits for something that must still come.  With the lock held. */
bool stress_waits(const struct stress_process *p);
/* Count what never came.  In an exact world @counts: also the counts of its nodes. */
void stress_judge(struct stress_process *p, struct stress_thread *threads, unsigned int n, bool counts);

#endif
