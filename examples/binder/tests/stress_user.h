/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The processes of stress.h on the driver's core, all in this process of userspace. */
#ifndef EXAMPLES_BINDER_STRESS_USER_H
#define EXAMPLES_BINDER_STRESS_USER_H

#include "../hfbinder/stress.h"

#define STRESS_NODE	"hf-binder-stress"
#define STRESS_THREADS	4

struct stress_user {
	struct stress_process process;
	struct stress_thread threads[STRESS_THREADS];
	unsigned int n;			/* how many of them there are */
};

/* Process @i of @world begins, the first as the manager; its threads are for the caller to begin. */
void stress_user_begin(struct stress_world *world, struct stress_user *u, unsigned int i, struct choices *c);
/* Its file is closed. */
void stress_user_end(struct stress_user *u);
/* All of them settle, end one after the other, and are judged.  Nobody calls any more. */
void stress_user_finish(struct stress_user *users, unsigned int n);

#endif
