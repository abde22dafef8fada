/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Exchanges between processes and a binder driver, step by step: each step is one system call of one process, and says
 * which bytes it shall give.  The same exchanges run on this driver in userspace, on hf_binder.ko, and on the kernel's
 * own driver, which says what is right.
 *
 *	struct actor *const a = actor("a"), *const b = actor("b");
 *
 *	manages(a);
 *	calls(b, 0, 7, "hello");
 *	does(b, "noop");
 *	does(a, "noop call 0:0 code 7 flags 10 from b data hello");
 *
 * An actor is a process, or one more thread of it.  All of this file's memory is shared, so a pointer that one writes
 * another can check.
 */
#ifndef EXAMPLES_BINDER_EXCHANGE_H
#define EXAMPLES_BINDER_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACTORS		8
#define MAPPED		(64u << 10)

enum step {
	STEP_OPEN, STEP_THREAD, STEP_FORK, STEP_MAP, STEP_UNMAP, STEP_UNMAP_PART, STEP_MOVE, STEP_EXCHANGE, STEP_SLEEP, STEP_WAKE, STEP_IOCTL,
	STEP_POLL, STEP_LOOK, STEP_FILES, STEP_SHRINK, STEP_FLUSH, STEP_DIE,
};

struct actor {
	char name[4];
	uint32_t pid;
	struct actor *process;		/* itself, but of a thread */
	struct actor *parent;		/* the process that it was forked from; NULL: it has opened the device itself */
	enum step step;
	bool elsewhere;			/* it opens the other device */
	/* what the step is given */
	uint8_t commands[8192];
	size_t commands_size;
	size_t room;			/* for what it reads */
	bool blocks;
	unsigned int ioctl;
	uint8_t argument[64];
	int prot, flags;		/* of what it maps */
	uint64_t part;			/* where what it unmaps begins, in its mapping */
	uint64_t pointer;		/* what the ioctl is given; 0: the argument */
	/* what it gives */
	int err;
	size_t consumed;
	char text[4096];
	uint64_t buffer;		/* of the last transaction that it was told of */
	uint32_t files[8];		/* the descriptors that came among bytes */
	uint32_t files_count;
	/* its own */
	uint32_t tid;			/* of one that sleeps */
	bool calls;			/* it is about to make the call in which it shall sleep */
	uint64_t mapping, moved;	/* where it was, and where it is now */
	size_t mapped;			/* how much of it the driver uses; 0: none is left */
	void *file;
	uint8_t data[8192];		/* what its commands point to */
	size_t data_size;
};

/* What an exchange runs on. */
struct stage {
	/* Do the step of an actor, in its process. */
	void (*act)(struct actor *a);
	/* A step does not give what it shall. */
	void (*differs)(const char *file, int line, const char *actor, const char *expected, const char *found);
};

/* The system calls of an actor's process, which run() makes. */
int actor_open(struct actor *a);
int actor_map(struct actor *a, size_t size, int prot, int flags);
void actor_unmap(struct actor *a);
int actor_ioctl(struct actor *a, unsigned int command, void *argument);
bool actor_poll(struct actor *a, bool waits);	/* whether there is something to read */
void actor_shrink(void);				/* the driver gives memory back that nobody uses */
void actor_flush(struct actor *a);		/* closes a descriptor, of several */
void actor_close(struct actor *a);

/*
 * Does the step of an actor; called in its process, by its thread.
 *
 * STEP_SLEEP is a step of threads only, and its call may block.  The step ends when that sleeps,
 * which await_sleep() waits for; the call ends in STEP_WAKE, which run() is not given.
 */
void run(struct actor *a);
void await_sleep(const struct actor *a);

struct exchange {
	const char *name;
	void (*play)(void);
};
extern const struct exchange exchanges[];
extern const size_t exchange_count;

/* Plays one.  @actors: shared memory for ACTORS of them, zeroed. */
void play(const struct exchange *e, const struct stage *s, struct actor *actors);

#endif
