/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A device model with what a driver by edu.h needs, and a process that uses it.  The clock is stopped: it advances,
 * and the device works, while a thread of the driver waits.
 */
#ifndef EXAMPLES_EDU_RIG_H
#define EXAMPLES_EDU_RIG_H

#include "../edu.h"
#include "../edu_abi.h"
#include "../model/model.h"

#define NODE		"hf_edu_test"
#define TIMEOUT_MS	100u

struct rig {
	struct edu_model model;
	struct hf_device dev;
	struct edu_config config;
	struct edu_binding_own binding;
	unsigned int stops;
};

static inline void idle(void *rig)
{
	edu_model_step(&((struct rig *)rig)->model);
	hf_user_clock_advance(1);
}

static inline void stop(void *host)
{
	struct rig *rig = host;

	pthread_mutex_lock(&rig->model.lock);
	rig->model.stopped = true;
	pthread_mutex_unlock(&rig->model.lock);
	rig->stops++;
}

static inline void rig_init(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	hf_user_clock_stop(idle, rig);
	rig->dev = hf_test_device_new();
	edu_model_init(&rig->model, rig->dev.iommu);
	rig->config = (struct edu_config){
		.io = edu_model_io(&rig->model, EDU_MODEL_REGISTERS),
		.dev = rig->dev,
		.line = hf_user_irq_line(&rig->model.irq, true),
		.name = NODE,
		.timeout_ms = TIMEOUT_MS,
		.stop = stop,
		.host = rig,
	};
}

static inline int rig_bind(struct rig *rig)
{
	rig->model.stopped = false;
	return hf_set_ok(rig->binding, edu_bind(&rig->config));
}

static inline void rig_unbind(struct rig *rig)
{
	edu_binding_own_drop(&rig->binding);
}

static inline void rig_fini(struct rig *rig)
{
	rig_unbind(rig);
	HF_EXPECT_EQ(rig->model.errors, 0);
	edu_model_fini(&rig->model);
	hf_test_device_free(&rig->dev);
	hf_user_clock_start();
}

static inline struct hf_test_file opened(int flags)
{
	struct hf_test_file f;

	HF_EXPECT_EQ(hf_test_open(NODE, flags, &f), 0);
	return f;
}

static inline ssize_t ask(struct hf_test_file *f, u32 n)
{
	return hf_test_write(f, &n, sizeof(n));
}

/* The answer, or a negative errno. */
static inline s64 answer(struct hf_test_file *f)
{
	u32 value;
	const ssize_t n = hf_test_read(f, &value, sizeof(value));

	return n == sizeof(value) ? (s64)value : n < 0 ? n : -ENODATA;
}

static inline int transfer(struct hf_test_file *f, u32 direction, u32 offset, u32 length, const void *user)
{
	struct edu_transfer t = {
		.direction = hf_le32(direction),
		.offset = hf_le32(offset),
		.length = hf_le32(length),
		.user = hf_le64((u64)(unsigned long)user),
	};

	return hf_test_ioctl(f, EDU_TRANSFER, &t);
}

static inline void fill(u8 *p, size_t n, u32 seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (u8)((i + seed) * 2654435761u >> 24);
}

#endif
